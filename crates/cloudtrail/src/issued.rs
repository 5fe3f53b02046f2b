//! What a call handed out: the key, until when it is valid, and whose it is.

use crate::object::{Object, elements};
use crate::redact::column;

/// What the service handed out, wherever the services put it.
pub(crate) struct Issued {
    pub(crate) access_key_id: Option<String>,
    pub(crate) expiration_text: Option<String>,
    pub(crate) principal_id: Option<String>,
    pub(crate) arn: Option<String>,
}

impl Issued {
    /// Reads a response.
    pub(crate) fn read(response: &Object<'_>) -> Issued {
        // Roles Anywhere answers with a list of one.
        if let Some(first) = elements(response.get("credentialSet")).next() {
            return Issued::read(&Object::read(first));
        }
        let credentials = ["credentials", "roleCredentials", "accessKey"]
            .into_iter()
            .find(|name| response.has(name))
            .map_or_else(Object::default, |name| response.object(name));
        let role = response.object("assumedRoleUser");
        let user = response.object("federatedUser");
        Issued {
            access_key_id: column(credentials.get("accessKeyId")),
            expiration_text: column(credentials.get("expiration")),
            principal_id: column(role.get("assumedRoleId"))
                .or_else(|| column(user.get("federatedUserId"))),
            arn: column(role.get("arn")).or_else(|| column(user.get("arn"))),
        }
    }
}
