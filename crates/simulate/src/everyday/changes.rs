//! What happens once: an account joins, somebody is hired, a vendor is let in, services are new.

use crate::caller::Caller;
use crate::clock::{DAY, HOUR, digits, java};
use crate::dice::mix;
use crate::everyday::{begins, builds, machines, people};
use crate::network::Net;
use crate::place::{Place, boto, terraform};
use crate::record::quote;
use crate::scene::{Ask, HandOut, Scene};
use crate::stage::Stage;
use crate::world::{ACQUIRED, BACKUP_ID, DATA, MANAGEMENT, PRODUCTION, World};

pub(super) fn hour(world: &World, stage: &mut Stage, hour: i64) {
    let seed = |label: &str| world.dice(label, 0).next();
    let joined = world.account(ACQUIRED).joined;
    if joined > world.plan.start() && begins(joined + 300, hour) {
        an_account_joins(&mut Scene::new(world, stage, seed("joins")), joined + 300);
    }
    let hired = world.plan.part(450) + 7 * HOUR + 600;
    if begins(hired, hour) {
        somebody_is_hired(&mut Scene::new(world, stage, seed("hired")), hired);
    }
    let let_in = world.plan.part(500) - DAY + 10 * HOUR;
    if begins(let_in, hour) {
        a_vendor_is_let_in(&mut Scene::new(world, stage, seed("let in")), let_in);
    }
    for (at, part) in [300, 550, 700, 850].into_iter().enumerate() {
        let born = world.plan.part(part) + 9 * HOUR;
        if begins(born, hour) {
            let mut scene = Scene::new(world, stage, world.dice("born", at as u64).next());
            a_service_is_born(&mut scene, at as u64, born + 700);
        }
        if hour > born && hour.rem_euclid(2 * HOUR) == 0 {
            let seed = world.dice("new service", mix(&[at as u64, hour as u64])).next();
            the_service_runs(&mut Scene::new(world, stage, seed), at as u64, hour);
        }
    }
}

/// The account factory enters by the organisation's own role, and makes what the platform needs.
fn an_account_joins(scene: &mut Scene<'_>, at: i64) {
    let world = scene.world;
    let (management, account) = (world.account(MANAGEMENT), world.account(ACQUIRED));
    let factory = management.role("/", "account-factory");
    let name = format!("awslambda_112_{}112", digits(at));
    let how = HandOut { without_user: true, ..HandOut::default() };
    let held = scene.hand_out(at, "lambda", &factory, &name, 7200, how);
    let place = Place::at(Net::AwsIreland, 600, boto("exec-env/AWS_Lambda_python3.12"));
    let request = format!(
        r#"{{"target":{{"id":"{}","type":"ACCOUNT"}},"notes":"HIDDEN_DUE_TO_SECURITY_REASONS"}}"#,
        account.number
    );
    scene.call_with(
        at + 5,
        &held,
        &place,
        "organizations.InviteAccountToOrganization",
        &request,
        "null",
    );
    let role = account.role("/", "OrganizationAccountAccessRole");
    let entered = scene.assume(at + 60, &held, &place, &role, "account-factory", Ask::default());
    scene.call(at + 62, &entered, &place, "sts.GetCallerIdentity");
    for (order, name) in ["terraform", "security-audit"].into_iter().enumerate() {
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{}:root"}},"Action":"sts:AssumeRole"}}]}}"#,
            world.account(3 - order).number
        );
        create_role(scene, at + 70 + 10 * order as i64, &entered, &place, name, &trust);
    }
    // Identity Center brings its own SAML provider, by its service-linked role.
    let host = "sso.amazonaws.com";
    let linked = account.service_linked(host, "SSO");
    let sso = scene.hand_out(at + 200, "sso", &linked, "AWS-SSO", 3600, HandOut::default());
    let sso = sso.with(|session| session.beside = format!(r#","invokedBy":"{host}""#));
    let provider = account.saml_provider();
    let name = provider.rsplit('/').next().unwrap_or_default();
    scene.call_with(
        at + 201,
        &sso,
        &Place::service(host),
        "iam.CreateSAMLProvider",
        &format!(r#"{{"sAMLMetadataDocument":"<EntityDescriptor/>","name":"{name}"}}"#),
        &format!(r#"{{"sAMLProviderArn":"{provider}"}}"#),
    );
}

/// Creates a role with that trust.
pub(crate) fn create_role(
    scene: &mut Scene<'_>,
    at: i64,
    who: &Caller,
    place: &Place,
    name: &str,
    trust: &str,
) {
    let role = who.account.role("/", name);
    let request = format!(r#"{{"roleName":"{name}","assumeRolePolicyDocument":{}}}"#, quote(trust));
    let response = format!(
        r#"{{"role":{{"path":"/","roleName":"{name}","roleId":"{}","arn":"{}","createDate":"{}"}}}}"#,
        role.id,
        role.arn,
        java(at, false)
    );
    scene.call_with(at, who, place, "iam.CreateRole", &request, &response);
}

/// An administrator adds a person to Identity Center, and gives them their permission sets.
fn somebody_is_hired(scene: &mut Scene<'_>, at: i64) {
    let world = scene.world;
    let (Some(admin), Some(person)) = (world.people.first(), world.people.last()) else { return };
    let place = people::place(admin, at);
    let held = people::sign_in(scene, admin, &place, at, 0, false);
    let user = &person.user;
    scene.call_with(
        at + 60,
        &held,
        &place,
        "identitystore.CreateUser",
        r#"{"identityStoreId":"d-9967000001","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
        &format!(
            r#"{{"identityStoreId":"d-9967000001","userId":"996700-{}"}}"#,
            world.dice(user, 0).uuid(4)
        ),
    );
    for (order, (_, account)) in person.team.sets().iter().enumerate() {
        let number = &world.account(*account).number;
        let request = format!(
            r#"{{"instanceArn":"arn:aws:sso:::instance/ssoins-6987000000000001","targetId":"{number}","targetType":"AWS_ACCOUNT","permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-6987000000000001/ps-000000000000000{order}","principalType":"USER"}}"#
        );
        scene.call_with(
            at + 90 + 20 * order as i64,
            &held,
            &place,
            "sso.CreateAccountAssignment",
            &request,
            "null",
        );
    }
}

/// Terraform makes the role for the backup vendor, which must give its external id.
fn a_vendor_is_let_in(scene: &mut Scene<'_>, at: i64) {
    let place = builds::runner(scene);
    let build = builds::prove(scene, "platform-infra", "environment:production", &place, at);
    let place = place.by(terraform());
    let role = scene.world.account(DATA).role("/platform/", "terraform");
    let held = scene.assume(at + 20, &build, &place, &role, "aws-go-sdk-vendor", Ask::default());
    scene.call(at + 21, &held, &place, "sts.GetCallerIdentity");
    let vendor = &scene.world.new_vendor.number;
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{vendor}:root"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"sts:ExternalId":"{BACKUP_ID}"}}}}}}]}}"#
    );
    create_role(scene, at + 40, &held, &place, "vendor-backup", &trust);
}

/// Terraform makes the role of a new function.
fn a_service_is_born(scene: &mut Scene<'_>, at: u64, when: i64) {
    let place = builds::runner(scene);
    let build = builds::prove(scene, "platform-infra", "environment:production", &place, when);
    let place = place.by(terraform());
    let role = scene.world.account(PRODUCTION).role("/platform/", "terraform");
    let held = scene.assume(when + 20, &build, &place, &role, "aws-go-sdk-service", Ask::default());
    scene.call(when + 21, &held, &place, "sts.GetCallerIdentity");
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    create_role(scene, when + 40, &held, &place, &format!("service-{at}-function"), trust);
}

fn the_service_runs(scene: &mut Scene<'_>, at: u64, hour: i64) {
    let account = scene.world.account(PRODUCTION);
    let role = account.role("/", &format!("service-{at}-function"));
    let when = hour + scene.dice.between(0, 3000);
    let name = format!("awslambda_{}_{}345", 400 + at, digits(when));
    let how = HandOut { without_user: true, ..HandOut::default() };
    scene.hand_out(when, "lambda", &role, &name, 7200, how);
    let function = format!("service-{at}");
    let place = machines::exit(account, at, true).by(boto("exec-env/AWS_Lambda_python3.12"));
    let held = machines::runs_as(scene, &role, &function, when);
    let habit = scene.world.habits.function.clone();
    scene.call(when + 1, &held, &place, "ssm.GetParametersByPath");
    scene.works(&held, &place, when + 1, when + 2 * HOUR, 6, &habit);
}
