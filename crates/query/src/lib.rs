//! The DataFusion session over the lake: views, functions, detections, findings.
