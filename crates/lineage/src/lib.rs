//! Links issuances into sessions, chains and edges.
