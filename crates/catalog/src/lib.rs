//! Reads the folders under queries into detections.
