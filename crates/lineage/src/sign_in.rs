//! Gives every sign-in the console session that it opened.

use std::collections::HashSet;

use crate::forest::Forest;
use crate::node::Slot;
use crate::row;
use crate::settle::Shares;
use crate::usage::Use;

/// A console session may start some seconds beside the sign-in that opened it.
const SIGN_IN_SECONDS: i64 = 5;

impl Forest {
    /// Ties sign-ins to the nearest sessions of their name, or else to rows of their own. Rows
    /// that then show neither issuance nor use nor sign-in are gone.
    pub(crate) fn share_sign_ins(&mut self, seconds: &[i64], shares: &mut Shares) {
        let mut near: Vec<i64> = Vec::new();
        if !self.sign_ins.is_empty() {
            for &second in seconds {
                near.extend(self.sign_ins.range(around(second)).map(|(at, _)| at));
            }
            near.sort_unstable();
            near.dedup();
        }
        let mut kept: HashSet<u32> = HashSet::new();
        for sign_in in near {
            let mut uses = self.sign_ins.get(&sign_in).cloned().unwrap_or_default();
            uses.sort_unstable_by(|a, b| a.identity().cmp(&b.identity()));
            for one in uses {
                let mut homes = self.homes(&one);
                if homes.is_empty() {
                    homes.push(self.unissued(&one));
                }
                kept.extend(&homes);
                shares.ties.extend(homes.into_iter().map(|node| (node, shares.uses.len(), None)));
                shares.uses.push(one);
            }
        }
        for &second in seconds {
            let Some(slots) = self.at.get_mut(&second) else { continue };
            let nodes = &mut self.nodes;
            let ids = &mut self.ids;
            slots.retain(|slot| {
                let node = &mut nodes[slot.node as usize];
                node.alive = node.issued || node.called || kept.contains(&slot.node);
                if !node.alive {
                    ids.remove(&row::number(&node.row.session_id).unwrap_or_default());
                }
                node.alive
            });
        }
    }

    /// The sessions of its name in the nearest second that has any.
    fn homes(&self, one: &Use) -> Vec<u32> {
        let second = one.created_at.seconds();
        let mut offsets: Vec<i64> = (-SIGN_IN_SECONDS..=SIGN_IN_SECONDS).collect();
        offsets.sort_by_key(|offset| (offset.abs(), *offset));
        for offset in offsets {
            let slots = self.at.get(&(second + offset)).map_or(&[][..], Vec::as_slice);
            let real = |slot: &&Slot| slot.issued || self.node(slot.node).called;
            let fits = |slot: &&Slot| real(slot) && slot.name.agrees(one.name());
            let found: Vec<u32> = slots.iter().filter(fits).map(|slot| slot.node).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}

/// The seconds in which a sign-in may show itself.
pub(crate) fn around(second: i64) -> std::ops::RangeInclusive<i64> {
    second - SIGN_IN_SECONDS..=second + SIGN_IN_SECONDS
}
