//! Check what a founding says as a whole, and find the line that is wrong.

use super::layout::{Layout, Step};
use super::{GenesisError, Handle, parameters};
use crate::tables::Tables;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use tongda_ledger::founding::{Founding, FoundingError};
use tongda_ledger::state::Table;

/// Every short name means one member.
pub(super) fn unique_handles(handles: &[Handle], layout: &Layout<'_>) -> Result<(), GenesisError> {
    let mut seen = BTreeMap::new();
    for (n, handle) in handles.iter().enumerate() {
        if let Some(first) = seen.insert(handle, n) {
            let line = layout.line(&[Step::key("member"), Step::Index(first), Step::key("id")]);
            let reason =
                format!("the id {handle:?} is already taken in line {line}; give this member another");
            return Err(layout.error(&[Step::key("member"), Step::Index(n), Step::key("id")], reason));
        }
    }
    Ok(())
}

/// The rules that the ledger has for foundings, and those of the file: tables as shipped, addresses that can be
/// dialled. `node_places` says where the nodes stand in the file.
pub(super) fn founding(
    founding: &Founding,
    node_places: &[usize],
    layout: &Layout<'_>,
) -> Result<(), GenesisError> {
    founding.writes().map_err(|error| located(founding, node_places, &error, layout))?;
    for (n, table) in founding.parameters.tables.iter().enumerate() {
        if let Err((field, reason)) = check_table(table) {
            return Err(layout.error(&[Step::key("table"), Step::Index(n), Step::key(field)], reason));
        }
    }
    for (node, place) in founding.nodes.nodes.iter().zip(node_places) {
        let at = |field: &str| [Step::key("node"), Step::Index(*place), Step::key(field)];
        for (field, address) in
            [("consensus-address", &node.consensus_address), ("gossip-address", &node.gossip_address)]
        {
            if !is_multiaddress(address.as_str()) {
                let reason =
                    format!("{address:?} is no address: write /ip4/203.0.113.7/tcp/26656, or /ip6/…");
                return Err(layout.error(&at(field), reason));
            }
        }
        let api = node.api_address.as_str();
        if !api.starts_with("http://") && !api.starts_with("https://") {
            let reason = format!("{api:?} is no HTTP address: it begins with http:// or https://");
            return Err(layout.error(&at("api-address"), reason));
        }
    }
    Ok(())
}

/// The line that an error of the ledger is about.
fn located(
    founding: &Founding,
    node_places: &[usize],
    error: &FoundingError,
    layout: &Layout<'_>,
) -> GenesisError {
    let message = error.to_string();
    let line = match error {
        FoundingError::Version(_) => layout.line(&[Step::key("network"), Step::key("version")]),
        FoundingError::Member { name, .. } => {
            let place = founding.members.iter().position(|member| member.name.as_str() == name);
            let path = [Step::key("member"), Step::Index(place.unwrap_or(0))];
            layout.line_of_mention(&path, &message)
        }
        FoundingError::Nodes(reason) => {
            let named =
                founding.nodes.nodes.iter().position(|node| reason.starts_with(&format!("{}: ", node.name)));
            match named.and_then(|place| node_places.get(place)) {
                Some(place) => layout.line_of_mention(&[Step::key("node"), Step::Index(*place)], &message),
                None => layout.line_of_mention(&[Step::key("node")], &message),
            }
        }
        FoundingError::Parameters(_) => {
            let wrong =
                parameters::each_at_default(&founding.parameters).into_iter().find(|(_, parameters)| {
                    let mended = Founding { parameters: parameters.clone(), ..founding.clone() };
                    mended.check().err().as_ref() != Some(error)
                });
            let key = wrong.map_or_else(String::new, |(key, _)| key);
            layout.line(&[Step::key("parameters"), Step::Key(key)])
        }
        FoundingError::NoRegistrar | FoundingError::State(_) => {
            layout.line(&[Step::key("member"), Step::Index(0)])
        }
    };
    GenesisError::Entry { line, reason: message }
}

/// A table that the file names is one that this program ships, byte for byte.
fn check_table(table: &Table) -> Result<(), (&'static str, String)> {
    let digests = Tables::digests();
    let Some(shipped) = digests.iter().find(|shipped| shipped.name == table.name.as_str()) else {
        let names: Vec<_> = digests.iter().map(|shipped| shipped.name).collect();
        return Err((
            "name",
            format!("this program has no table {}; it has {}", table.name, names.join(", ")),
        ));
    };
    if shipped.version != table.version.as_str() {
        let reason = format!("this program has version {} of table {}", shipped.version, table.name);
        return Err(("version", reason));
    }
    if shipped.digest != table.digest {
        let reason = format!("this program's table {} has the digest {}", table.name, shipped.digest);
        return Err(("digest", reason));
    }
    Ok(())
}

/// `/ip4/ADDRESS/tcp/PORT` or the same with `ip6`.
fn is_multiaddress(text: &str) -> bool {
    let parts: Vec<_> = text.split('/').collect();
    let ["", family, address, "tcp", port] = parts.as_slice() else { return false };
    let address = match *family {
        "ip4" => address.parse::<Ipv4Addr>().is_ok(),
        "ip6" => address.parse::<Ipv6Addr>().is_ok(),
        _ => false,
    };
    address && port.parse::<u16>().is_ok_and(|port| port > 0)
}
