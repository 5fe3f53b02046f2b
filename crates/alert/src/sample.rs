//! Findings for tests.

use crate::FindingV1;

/// An ordinary finding.
pub(crate) fn finding() -> FindingV1 {
    FindingV1 {
        schema: "finding.v1".into(),
        fingerprint: "00112233445566aa".into(),
        detection: "chain-into-new-account".into(),
        title: "A chain of roles goes where it never went before".into(),
        severity: "high".into(),
        confidence: "medium".into(),
        subject: "arn:aws:sts::333333333333:assumed-role/admin/walk".into(),
        root: Some("arn:aws:iam::111111111111:user/ana".into()),
        path: vec![
            "arn:aws:iam::111111111111:user/ana".into(),
            "arn:aws:iam::222222222222:role/deploy".into(),
            "arn:aws:iam::333333333333:role/admin".into(),
        ],
        accounts: vec!["333333333333".into(), "111111111111".into()],
        networks: vec!["198.51.100.7".into()],
        first_at: "2026-03-10T12:00:00Z".into(),
        last_at: "2026-03-10T12:05:00Z".into(),
        count: 2,
        event_ids: vec!["e1".into(), "e2".into()],
        evidence: serde_json::json!({"why": "new account", "depth": 2, "none": null}),
        more: Some("select * from session where root_principal = 'ana'".into()),
        window: ["2026-03-10T00:00:00Z".into(), "2026-03-11T00:00:00Z".into()],
        found_at: "2026-03-11T00:10:00Z".into(),
        suppressed: None,
        dry_run: false,
        family: Some("cross-account chain".into()),
        harmless: Some("The account is new in the organisation.".into()),
        cut: Vec::new(),
    }
}
