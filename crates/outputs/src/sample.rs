//! Made-up findings for tests, and for holding the forms against the schemas of others.

use crate::FindingV1;

/// An ordinary finding.
pub fn finding() -> FindingV1 {
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
        attack: vec!["T1078.004".into(), "T1550.001".into()],
        why: Some("Whoever crosses accounts once can do it again.".into()),
        harmless: Some("The account is new in the organisation.".into()),
        cut: Vec::new(),
    }
}

/// A finding of texts that somebody chose to break what reads them.
pub fn hostile() -> FindingV1 {
    let tag = "<img src=x onerror=alert(1)>";
    FindingV1 {
        fingerprint: "00112233445566bb".into(),
        subject: format!(
            "arn:aws:sts::333333333333:assumed-role/admin/{tag}](javascript:alert(1))"
        ),
        root: Some(format!("ana | {tag} ` `` ``` \n\n# heading\n\n\u{202e}\u{1b}[31m\0 @everyone")),
        path: vec![format!("[x](javascript:alert(1)) {tag}"); 40],
        networks: vec![tag.into(), "AWS Internal".into(), "2001:db8:1::/48".into()],
        event_ids: vec!["https://evil.example | www.evil.example".into(); 200],
        evidence: serde_json::json!({
            "user_agent": format!("{tag}```\n~~~\n{}", "x".repeat(3000)),
            "issue_source_ip": "2001:db8::7",
            tag: tag,
            "keys_seen": "ASIAEXAMPLEEXAMPLE12",
        }),
        more: Some(format!("select '{tag}\n```\n'")),
        suppressed: Some(tag.into()),
        ..finding()
    }
}

/// A finding with nothing that may be left away.
pub fn bare() -> FindingV1 {
    FindingV1 {
        fingerprint: "00112233445566cc".into(),
        root: None,
        path: Vec::new(),
        accounts: Vec::new(),
        networks: Vec::new(),
        event_ids: Vec::new(),
        evidence: serde_json::Value::Null,
        more: None,
        family: None,
        attack: Vec::new(),
        why: None,
        harmless: None,
        subject: "ana@example.com".into(),
        ..finding()
    }
}
