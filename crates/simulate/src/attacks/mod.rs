//! What goes wrong: one attack for each id of the catalogue, one module for each family.

mod cross_account;
mod federation;
mod leaked_key;
mod left;
mod lineage;
mod lives;
mod long_session;
mod reach;
mod recon;
mod root;
mod tools;

use std::fmt;

use crate::scene::Scene;

/// An attack: what it is, and how it is done.
#[derive(Clone, Copy)]
pub struct Attack {
    /// The id in the catalogue of detections that it is made for, such as `LK-2`.
    pub id: &'static str,
    /// What happens, in a sentence.
    pub about: &'static str,
    /// The hour of the day at which it begins, UTC.
    pub(crate) hour: i64,
    /// Tells it, from the beginning of that hour; seconds since 1970.
    pub(crate) run: fn(&mut Scene<'_>, i64),
}

impl Attack {
    /// Every attack, in the order of the catalogue.
    pub const ALL: [Attack; 37] = [
        long_session::LS_1,
        long_session::LS_2,
        cross_account::XA_1,
        cross_account::XA_2,
        cross_account::XA_3,
        cross_account::XA_4,
        cross_account::XA_5,
        leaked_key::LK_1,
        leaked_key::LK_2,
        leaked_key::LK_3,
        leaked_key::LK_4,
        leaked_key::LK_5,
        leaked_key::LK_6,
        recon::RC_1,
        recon::RC_2,
        federation::FD_1,
        federation::FD_2,
        federation::FD_3,
        federation::FD_4,
        federation::FD_5,
        root::RT_1,
        root::RT_2,
        lineage::B_1,
        lineage::B_2,
        lineage::B_3,
        lineage::B_4,
        reach::B_5,
        reach::B_6,
        reach::B_7,
        reach::B_8,
        lives::B_9,
        lives::B_10,
        lives::B_11,
        lives::B_12,
        lives::B_13,
        lives::B_14,
        lives::B_15,
    ];

    /// The attack made for that id of the catalogue.
    pub fn by_id(id: &str) -> Option<Attack> {
        Attack::ALL.into_iter().find(|attack| attack.id == id)
    }
}

impl fmt::Debug for Attack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attack").field("id", &self.id).finish_non_exhaustive()
    }
}

impl PartialEq for Attack {
    /// Ids tell attacks apart.
    fn eq(&self, other: &Attack) -> bool {
        self.id == other.id
    }
}

impl Eq for Attack {}
