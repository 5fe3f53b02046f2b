//! The console: sign-in, role switching, and consoles opened with temporary credentials.

use crate::account::{Role, User};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::place::{Agent, Place};
use crate::record::{Kind, Told};
use crate::scene::{Ask, Scene};

impl Scene<'_> {
    fn signin(
        &mut self,
        at: i64,
        who: &Caller,
        place: &Place,
        name: &str,
        (identity, response, additional): (&str, &str, &str),
        failed: bool,
    ) {
        let mut told = Told::call(at, who, place, "signin", name);
        (told.identity, told.response, told.additional) = (identity, response, additional);
        (told.reads, told.kind, told.console) = (false, Kind::SignIn, false);
        if failed {
            // A failed sign-in has a message and no code.
            told.error = Some(("", "Failed authentication"));
        }
        self.tell(&who.account, &told, place.region);
    }

    /// Signs in to the console, or fails to: `outcome` is Success or Failure.
    pub(crate) fn console_login(
        &mut self,
        at: i64,
        who: &Caller,
        place: &Place,
        outcome: &str,
        mfa: &str,
    ) {
        let identity = who.at_sign_in();
        let response = format!(r#"{{"ConsoleLogin":"{outcome}"}}"#);
        let additional = format!(
            r#"{{"LoginTo":"https://console.aws.amazon.com/console/home","MobileVersion":"No","MFAUsed":"{mfa}"}}"#
        );
        let told = (identity.as_str(), response.as_str(), additional.as_str());
        self.signin(at, who, place, "ConsoleLogin", told, outcome != "Success");
    }

    /// Exchanges temporary credentials for a console sign-in.
    pub(crate) fn signin_token(&mut self, at: i64, who: &Caller, place: &Place) {
        let response = format!(
            r#"{{"credentials":{{"accessKeyId":"{}"}},"GetSigninToken":"Success"}}"#,
            who.key
        );
        let told =
            (who.json.as_str(), response.as_str(), r#"{"MobileVersion":"No","MFAUsed":"No"}"#);
        self.signin(at, who, place, "GetSigninToken", told, false);
    }

    /// A user signs in to the console with MFA; its calls show a key that was never logged.
    pub(crate) fn console(&mut self, at: i64, user: &User, place: &Place, mfa: bool) -> Caller {
        let place = place.in_region("us-east-1");
        let signed = Caller::user(user);
        self.console_login(at, &signed, &place, "Success", if mfa { "Yes" } else { "No" });
        let key = self.new_key(&user.account);
        Caller::user_session(user, key, at, at + 12 * HOUR, mfa)
            .with(|session| session.console = true)
    }

    /// Switches to a role in the console: STS sees AWS's inside, the sign-in event the person.
    pub(crate) fn switch_role(
        &mut self,
        at: i64,
        who: &Caller,
        place: &Place,
        role: &Role,
        name: &str,
    ) -> Caller {
        let inside = Place::new("AWS Internal".into(), Agent::Fixed("AWS Internal".into()))
            .in_region("us-east-1");
        let asking = who.with(|caller| {
            caller.console = false;
            caller.beside.push_str(r#","invokedBy":"AWS Internal""#);
        });
        let given = self.assume(at, &asking, &inside, role, name, Ask::default());
        let entered = given.at_sign_in();
        let additional = format!(
            r#"{{"SwitchFrom":"{}","RedirectTo":"https://console.aws.amazon.com/console/home"}}"#,
            who.arn
        );
        let told = (entered.as_str(), r#"{"SwitchRole":"Success"}"#, additional.as_str());
        self.signin(at, &given, &place.in_region("us-east-1"), "SwitchRole", told, false);
        let key = self.new_key(&given.account);
        given.with(|session| {
            session.key = key;
            session.console = true;
        })
    }
}
