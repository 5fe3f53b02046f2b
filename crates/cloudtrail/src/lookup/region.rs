//! Which regions there are, and which of them records the services that have no region.

/// A partition of AWS: how its regions begin, the region that records its global services, and the
/// regions that every account has from the start.
struct Partition {
    prefix: &'static str,
    home: &'static str,
    regions: &'static [&'static str],
}

/// The first whose prefix fits; the last fits all.
const PARTITIONS: [Partition; 4] = [
    Partition { prefix: "cn-", home: "cn-north-1", regions: &["cn-north-1", "cn-northwest-1"] },
    Partition {
        prefix: "us-gov-",
        home: "us-gov-west-1",
        regions: &["us-gov-west-1", "us-gov-east-1"],
    },
    Partition { prefix: "eusc-", home: "eusc-de-east-1", regions: &["eusc-de-east-1"] },
    Partition {
        prefix: "",
        home: "us-east-1",
        regions: &[
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
        ],
    },
];

fn partition(region: &str) -> &'static Partition {
    let found = PARTITIONS.iter().find(|partition| region.starts_with(partition.prefix));
    found.unwrap_or(&PARTITIONS[PARTITIONS.len() - 1])
}

/// The region in which the global services of a region's partition are recorded.
pub fn home(region: &str) -> &'static str {
    partition(region).home
}

/// The regions that every account of a region's partition has without opting in.
pub fn usual_regions(region: &str) -> &'static [&'static str] {
    partition(region).regions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_a_home_among_its_regions() {
        for (region, at_home, many) in [
            ("eu-west-1", "us-east-1", 17),
            ("us-gov-east-1", "us-gov-west-1", 2),
            ("cn-northwest-1", "cn-north-1", 2),
            ("eusc-de-east-1", "eusc-de-east-1", 1),
            ("me-central-1", "us-east-1", 17),
        ] {
            assert_eq!((home(region), usual_regions(region).len()), (at_home, many), "{region}");
            assert!(usual_regions(region).contains(&at_home), "{region}");
        }
    }
}
