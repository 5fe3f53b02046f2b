//! Clients and APIs that deserve attention, or none.

use rolecall_model::{MarkedClient, Portal, QuietApi};

use super::Said;
use crate::pattern;
use crate::probe::{Probe, all, fits};
use crate::section::{Section, Text};
use crate::tables::Rows;

const AGENTS: &str = "write user_agents = [\"*example-portal*\"]";

/// `[[portal]]`
pub(super) fn portal(section: &mut Section<'_, '_>) -> Option<Said> {
    let name = section.text("name").map(|name| name.value);
    let mut principals = section.list("principals", pattern::principal);
    let agents = section.needed_list("user_agents", AGENTS, pattern::agent);
    if principals.is_empty() {
        principals.push(Text { value: "*".into(), at: 0 });
    }
    let (mut rows, mut probes) = (Vec::new(), Vec::new());
    for principal in &principals {
        for agent in &agents {
            let (principal, agent) = (&principal.value, &agent.value);
            let conditions = [fits("principal", principal), fits("user_agent", agent)];
            let about = match principal.as_str() {
                "*" => agent.clone(),
                one => format!("{agent} for {one}"),
            };
            probes.push(Probe::new(about, "usage", all(conditions)));
            rows.push(Portal {
                principal: principal.clone(),
                user_agent: agent.clone(),
                ..Portal::default()
            });
        }
    }
    let first = agents.first()?.value.clone();
    Some(Said { about: name.unwrap_or(first), rows: Rows::Portal(rows), probes })
}

/// `[[client]]`
pub(super) fn client(section: &mut Section<'_, '_>) -> Option<Said> {
    let agents = section.needed_list("user_agents", AGENTS, pattern::lower_agent);
    let help = "write kind = \"attack tool\", \"scanner\" or \"expected\"";
    let kind = section.choice("kind", help, &["attack tool", "scanner", "expected"])?;
    // That nobody uses an attack tool is how it should be.
    let probed = agents.iter().filter(|_| kind == "expected");
    let probe = |agent: &str| Probe::new(agent, "usage", fits("lower(user_agent)", agent));
    let probes = probed.map(|agent| probe(&agent.value)).collect();
    let about = format!("{kind} {}", agents.first()?.value);
    let rows = agents.into_iter().map(|agent| MarkedClient {
        user_agent: agent.value,
        kind: kind.clone(),
        ..MarkedClient::default()
    });
    Some(Said { about, rows: Rows::MarkedClient(rows.collect()), probes })
}

/// `[[quiet_api]]`
pub(super) fn quiet_api(section: &mut Section<'_, '_>) -> Option<Said> {
    let help = "write apis = [\"ec2:Describe*\"]";
    let apis = section.needed_list("apis", help, pattern::api);
    let name = "replace(event_source, '.amazonaws.com', '') || ':' || event_name";
    let probe = |api: &str| Probe::new(api, "usage", fits(name, api));
    let probes = apis.iter().map(|api| probe(&api.value)).collect();
    let about = apis.first()?.value.clone();
    let rows = apis.into_iter().map(|api| QuietApi { api: api.value, ..QuietApi::default() });
    Some(Said { about, rows: Rows::QuietApi(rows.collect()), probes })
}
