//! Who comes from outside and may: vendors, guests of the mobile app, machines with certificates.

use std::sync::Arc;

use crate::account::Account;
use crate::caller::Caller;
use crate::clock::{DAY, HOUR};
use crate::dice::mix;
use crate::habit::Habit;
use crate::network::Net;
use crate::place::{Agent, Place, boto, go};
use crate::scene::{Ask, HandOut, Scene, Subject};
use crate::stage::Stage;
use crate::world::{BACKUP_ID, DATA, METRICS_ID, PRODUCTION, STAGING, World};

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let mut dice = world.dice("vendor", hour as u64);
    for (order, account) in [PRODUCTION, STAGING].into_iter().enumerate() {
        let mut scene = Scene::new(world, stage, dice.next());
        let at = hour + 420 + 30 * order as i64;
        let who = world.vendor_caller();
        // The vendor's pollers speak IPv6 where they can.
        let place = Place::new(Net::VendorMetrics.ip6(7), go());
        let habit = world.habits.metrics.clone();
        visit(
            &mut scene,
            &who,
            &place,
            world.account(account),
            ("vendor-metrics-read", "metrics-poller", METRICS_ID),
            at,
            &habit,
        );
    }
    if hour >= world.plan.part(500) && hour.rem_euclid(6 * HOUR) == 0 {
        let mut scene = Scene::new(world, stage, dice.next());
        let who = world.backup_caller();
        let place = Place::at(Net::VendorBackup, 3, go());
        let habit = world.habits.backup.clone();
        visit(
            &mut scene,
            &who,
            &place,
            world.account(DATA),
            ("vendor-backup", "backup-agent", BACKUP_ID),
            hour + 900,
            &habit,
        );
    }
    let of_day = hour.rem_euclid(DAY) / HOUR;
    let guests = if (6..22).contains(&of_day) { world.workloads(0.12).min(200) } else { 1 };
    for at in 0..guests {
        let mut scene =
            Scene::new(world, stage, world.dice("guest", mix(&[at, hour as u64])).next());
        guest(&mut scene, hour);
    }
    if of_day % 8 == 1 {
        let mut scene = Scene::new(world, stage, dice.next());
        with_certificate(&mut scene, hour + 200);
    }
}

impl World {
    /// The metrics vendor's program, in an account that is not ours.
    pub(crate) fn vendor_caller(&self) -> Caller {
        Caller::role(&self.vendor.role("/", "collector"), "poller", String::new(), 0, i64::MAX)
    }

    fn backup_caller(&self) -> Caller {
        Caller::role(&self.new_vendor.role("/", "backup"), "agent", String::new(), 0, i64::MAX)
    }
}

/// A partner enters with its external id: only the role owner's copy reaches us.
fn visit(
    scene: &mut Scene<'_>,
    who: &Caller,
    place: &Place,
    account: &Arc<Account>,
    (role, name, external_id): (&str, &str, &str),
    at: i64,
    habit: &Habit,
) {
    let ask = Ask { seconds: Some(3600), external_id, ..Ask::default() };
    let held = scene.assume(at, who, place, &account.role("/", role), name, ask);
    scene.call(at + 2, &held, place, "monitoring.ListMetrics");
    scene.works(&held, place, at + 2, at + HOUR - 60, 3, habit);
    scene.stage.hold(&format!("{role}/{}", account.name), &held);
}

/// Every guest is a new subject at a new address.
fn guest(scene: &mut Scene<'_>, hour: i64) {
    let at = hour + scene.dice.between(0, 3500);
    let agent = Agent::Fixed("aws-sdk-js/3.744.0 ua/2.1 os/other lang/js md/rn".into());
    let spot = scene.dice.below(4000);
    let six = scene.dice.chance(500);
    let place = Place::new(if six { Net::Guests.ip6(spot) } else { Net::Guests.ip(spot) }, agent);
    let subject = format!("eu-west-1:{}", scene.dice.uuid(4));
    let who = Subject {
        provider: "cognito-identity.amazonaws.com",
        subject: &subject,
        audience: "eu-west-1:00000000-0000-4000-8000-00000000d3a0",
        seconds: None,
    };
    let role = scene.world.account(PRODUCTION).role("/", "mobile-app-guest");
    let held = scene.web_identity(at, &role, "CognitoIdentityCredentials", &place, who);
    scene.call(at + 1, &held, &place, "polly.DescribeVoices");
    scene.works(&held, &place, at + 1, at + 600, 1, &scene.world.habits.guest);
}

/// A server in the data centre has a certificate instead of a key.
fn with_certificate(scene: &mut Scene<'_>, at: i64) {
    let role = scene.world.account(DATA).role("/", "onprem-transfer");
    let name = format!("{:032x}", u128::from(mix(&[scene.world.plan.seed, 8])) << 32);
    let how = HandOut { asked: Some(3600), ..HandOut::default() };
    let held = scene.hand_out(at, "rolesanywhere", &role, &name, 3600, how);
    let place = Place::at(Net::DataCentre, 71, boto("")).in_region("eu-central-1");
    let habit = scene.world.habits.batch.clone();
    scene.call(at + 3, &held, &place, "s3.ListBuckets");
    scene.works(&held, &place, at + 3, at + HOUR - 60, 3, &habit);
}
