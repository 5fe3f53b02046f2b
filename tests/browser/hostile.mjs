// Material for a page, and a record of a trail, in which every text from events tries to become something else.
export const HOSTILE = "</style></title><script>window.taken=1</script><img src=x onerror=\"window.taken=1\">'\"]]>\u202e\u0000=1+1";

const from = "2026-03-01T00:00:00Z";
const at = (hour) => `2026-03-02T${String(hour).padStart(2, "0")}:00:00Z`;
const text = HOSTILE;

export const material = {
  head: { lake: text, from, until: "2026-03-16T00:00:00Z", made_at: from, new_since: at(0), version: "0" },
  sums: { sessions: 2, chained: 1, crossing: 1, unused: 0, rootless: 0, roots: 1, accounts: 2 },
  findings: [{
    fingerprint: text, detection: text, title: text, severity: "high", confidence: "low", subject: text, root: text,
    path: text, accounts: text, networks: text, first_at: at(1), last_at: at(2), count: 2, event_ids: text,
    evidence: JSON.stringify({ [text]: text }), more: text,
  }],
  finding_counts: [{ detection: text, title: text, severity: "high", told: 1, dry_run: 0, suppressed: 0 }],
  stories: [{ detection: text, about: `${text}\n\n## ${text}\n\n- \`${text}\`` }],
  accounts: [{ account_id: "111111111111", name: text, whose: "own" }],
  edges: [{
    from_where: text, from_kind: "web identity", to_account_id: "111111111111", sessions: 2, roles: 1, new_roles: 1,
    with_external_id: 0, longest_seconds: 3600, first_at: at(1), last_at: at(2), is_new: true,
  }],
  chains: [{ begun: text, account_path: "111111111111", sessions: 2, roots: 1, depth: 1, example: text, last_at: at(2) }],
  sessions: [1, 2].map((number) => ({
    session_id: String(number), parent_session_id: number === 2 ? "1" : null, principal: text, session_name: text,
    account_id: "111111111111", account_path: "111111111111", root_principal: text, depth: number - 1,
    created_at: at(number), expires_at: at(number + 1), first_used_at: at(number), last_used_at: at(number), calls: 1,
    seconds: 3600, ceiling_seconds: 1800, is_above: true, is_named: true,
  })),
  named_sessions: 2,
  hours: [{ hour: at(1), sessions: 2, chained: 1 }],
  lengths: [{ kind: text, up_to_seconds: 3600, sessions: 2, above: 2, with_own_ceiling: 0, ceiling_seconds: 1800, longest_seconds: 3600 }],
  keys: [text],
  more_keys: 0,
  key_hours: [{ access_key_id: text, principal: text, place: text, country: text, operator: text, hour: at(1), calls: 2, failed_calls: 2 }],
  tables: [{ name: "some-report", title: text, topic: text, about: text, columns: [{ name: text, about: text }], rows: [[text]] }],
  coverage_days: [{ account: text, day: "2026-03-02", hours: 3, records: 4, rejected: 1 }],
  coverage_regions: [{
    account: text, region: text, objects: 1, records: 4, kept: 3, passed_over: 0, rejected: 1, first_event_at: null, last_event_at: null,
  }],
  rejected: [{ what: "record", reason: text, times: 1, first_object: text }],
};

// A record of a trail that names a session so.
export const record = {
  eventVersion: "1.11",
  userIdentity: {
    type: "IAMUser", principalId: "AIDAEXAMPLE", accountId: "111111111111", userName: "ana",
    arn: "arn:aws:iam::111111111111:user/ana", accessKeyId: "AKIAQAAAAAAAAAAAAAAA",
  },
  eventTime: at(1), eventSource: "sts.amazonaws.com", eventName: "AssumeRole", awsRegion: "us-east-1",
  sourceIPAddress: "198.51.100.7", userAgent: text,
  requestParameters: { roleArn: "arn:aws:iam::111111111111:role/build", roleSessionName: text, durationSeconds: 3600 },
  responseElements: {
    credentials: { accessKeyId: "ASIAQAAAAAAAAAAAAAAA", expiration: "Mar 2, 2026, 2:00:00 AM" },
    assumedRoleUser: { assumedRoleId: `AROAEXAMPLE:${text}`, arn: `arn:aws:sts::111111111111:assumed-role/build/${text}` },
  },
  eventID: "hostile", readOnly: true, eventType: "AwsApiCall", recipientAccountId: "111111111111",
};
