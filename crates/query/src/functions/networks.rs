//! What addresses and networks have to do with each other.
//!
//! A source that is no address, such as `ec2.amazonaws.com` or `AWS Internal`, lies in no network
//! and is its own network.

use std::net::{IpAddr, Ipv4Addr};

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::types::{NativeType, logical_int64, logical_string};
use datafusion::common::{Result, exec_datafusion_err, exec_err};
use datafusion::logical_expr::{
    Coercion, Signature, TypeSignature, TypeSignatureClass, Volatility,
};
use ipnet::IpNet;
use rolecall_model::network;

use super::arguments::Arguments;
use super::{Function, FunctionDoc};

pub(super) fn all() -> Vec<Function> {
    let text = Coercion::new_exact(TypeSignatureClass::Native(logical_string()));
    let bits = Coercion::new_implicit(
        TypeSignatureClass::Native(logical_int64()),
        vec![TypeSignatureClass::Integer],
        NativeType::Int64,
    );
    let one_or_three = Signature::one_of(
        vec![TypeSignature::String(1), TypeSignature::Coercible(vec![text, bits.clone(), bits])],
        Volatility::Immutable,
    );
    let texts = |count| Signature::string(count, Volatility::Immutable);
    vec![
        Function::new(
            FunctionDoc {
                name: "in_cidr",
                signature: "in_cidr(address, cidr)",
                about: "Whether an address lies in a network, or in one of several separated by \
                        commas or blanks. A service name lies in none; a malformed network is an \
                        error.",
                example: "in_cidr('192.0.2.7', '198.51.100.0/24, 192.0.2.0/24')",
            },
            texts(2),
            DataType::Boolean,
            in_cidr,
        ),
        Function::new(
            FunctionDoc {
                name: "network_of",
                signature: "network_of(address [, ipv4_bits, ipv6_bits])",
                about: "The network an address lies in: the first 24 bits of IPv4 and 48 bits of \
                        IPv6, or as many as asked for. A service name stands for itself.",
                example: "network_of('203.0.113.77') = '203.0.113.0/24'",
            },
            one_or_three,
            DataType::Utf8,
            network_of,
        ),
        Function::new(
            FunctionDoc {
                name: "is_address",
                signature: "is_address(text)",
                about: "Whether a text is an IPv4 or IPv6 address, and not a service name.",
                example: "is_address('203.0.113.77') AND NOT is_address('ec2.amazonaws.com')",
            },
            texts(1),
            DataType::Boolean,
            |arguments| arguments.flags(|row| Ok(arguments.text(0, row).map(is_address))),
        ),
        Function::new(
            FunctionDoc {
                name: "is_private_address",
                signature: "is_private_address(text)",
                about: "Whether a text is an address that is not routed on the internet: private, \
                        carrier-grade NAT, loopback, link-local or unspecified.",
                example: "is_private_address('10.1.2.3') AND NOT is_private_address('203.0.113.77')",
            },
            texts(1),
            DataType::Boolean,
            |arguments| arguments.flags(|row| Ok(arguments.text(0, row).map(is_private))),
        ),
    ]
}

fn in_cidr(arguments: &Arguments) -> Result<ArrayRef> {
    // Rows with the same list follow each other, if it is not the same for all.
    let mut known: (String, Vec<IpNet>) = Default::default();
    arguments.flags(|row| {
        let Some(list) = arguments.text(1, row) else { return Ok(None) };
        if known.0 != list {
            known = (list.to_owned(), networks(list)?);
        }
        let Some(address) = arguments.text(0, row) else { return Ok(None) };
        let Ok(address) = address.parse::<IpAddr>() else { return Ok(Some(false)) };
        let address = address.to_canonical();
        Ok(Some(known.1.iter().any(|network| network.contains(&address))))
    })
}

fn networks(list: &str) -> Result<Vec<IpNet>> {
    let items = list.split([',', ' ', '\t', '\n']).filter(|item| !item.is_empty());
    let parsed = items.map(|item| match item.parse::<IpAddr>() {
        Ok(address) => Ok(IpNet::from(address)),
        Err(_) => item.parse().map_err(|_| {
            exec_datafusion_err!("`{item}` is no network: write 192.0.2.0/24 or 2001:db8::/32")
        }),
    });
    parsed.collect()
}

fn network_of(arguments: &Arguments) -> Result<ArrayRef> {
    if arguments.len() == 1 {
        return arguments.texts(|row| Ok(arguments.text(0, row).map(network::prefix)));
    }
    arguments.texts(|row| {
        let (Some(address), Some(v4), Some(v6)) =
            (arguments.text(0, row), arguments.long(1, row), arguments.long(2, row))
        else {
            return Ok(None);
        };
        let Ok(ip) = address.parse::<IpAddr>() else { return Ok(Some(address.to_owned())) };
        let bits = if ip.is_ipv4() { v4 } else { v6 };
        let network = u8::try_from(bits).ok().and_then(|bits| IpNet::new(ip, bits).ok());
        match network {
            Some(network) => Ok(Some(network.trunc().to_string())),
            None => exec_err!("{bits} is no length of a network that `{address}` can lie in"),
        }
    })
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

fn is_private(text: &str) -> bool {
    match text.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(ip)) => {
            let carrier = u32::from(Ipv4Addr::new(100, 64, 0, 0)) >> 22;
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || u32::from(ip) >> 22 == carrier
        }
        Ok(IpAddr::V6(ip)) => {
            ip.is_unique_local()
                || ip.is_unicast_link_local()
                || ip.is_loopback()
                || ip.is_unspecified()
        }
        Err(_) => false,
    }
}
