//! Publishing to SNS, which is played by a receiver that speaks its protocol.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sns::config::{Credentials, SharedCredentialsProvider};
use rolecall_alert::{FindingV1, Form, Outcome, Publisher, Unseen};
use url::form_urlencoded;

use crate::finding;
use crate::receiver::{Answer, Receiver, Request};

async fn aws(receiver: &Receiver) -> SdkConfig {
    let keys = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .endpoint_url(receiver.url("/"))
        .load()
        .await
}

/// What SNS answers: these failed, with code and whether it is the sender's fault.
fn failed(entries: &[(&str, &str, bool)]) -> Answer {
    let failed: String = entries
        .iter()
        .map(|(id, code, fault)| {
            format!("<member><Id>{id}</Id><Code>{code}</Code><SenderFault>{fault}</SenderFault></member>")
        })
        .collect();
    Answer::Status(
        200,
        "Content-Type: text/xml\r\n".into(),
        format!(
            "<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult>\
             <Failed>{failed}</Failed><Successful/></PublishBatchResult></PublishBatchResponse>"
        ),
    )
}

fn refused(status: u16, code: &str) -> Answer {
    Answer::Status(
        status,
        "Content-Type: text/xml\r\n".into(),
        format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
        ),
    )
}

fn field(request: &Request, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(request.body.as_bytes());
    fields.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

fn many(count: usize) -> Vec<FindingV1> {
    (0..count).map(|at| finding(&format!("f{at}"))).collect()
}

async fn publish(receiver: &Receiver, topic: &str, findings: &[FindingV1]) -> Vec<Outcome> {
    let topic = format!("arn:aws:sns:eu-west-1:111111111111:{topic}").parse().unwrap();
    Publisher::new(&aws(receiver).await, topic, Form::FindingV1).publish(findings).await
}

#[tokio::test]
async fn findings_go_out_in_batches_of_ten_with_what_filters_need() {
    let receiver = Receiver::start((0..3).map(|_| failed(&[])).collect());
    let outcomes = publish(&receiver, "findings.fifo", &many(12)).await;
    assert_eq!(outcomes, vec![Outcome::Delivered; 12]);
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].header("authorization").contains("/eu-west-1/sns/"), "the topic's Region");
    let entry =
        |name: &str| field(&requests[1], &format!("PublishBatchRequestEntries.member.1.{name}"));
    let message = FindingV1::read(&entry("Message").unwrap()).unwrap();
    assert_eq!(message, finding("f10"));
    assert_eq!(
        entry("Subject").unwrap(),
        "[high] A chain of roles goes where it never went before"
    );
    assert_eq!(entry("MessageDeduplicationId").unwrap(), "f10-20260310000000");
    assert_eq!(entry("MessageGroupId").unwrap(), "chain-into-new-account");
    for (name, value) in
        [("severity", "high"), ("account", "333333333333"), ("accounts", r#"["333333333333"]"#)]
    {
        let found = (1..=5).any(|at| {
            entry(&format!("MessageAttributes.entry.{at}.Name")).as_deref() == Some(name)
                && entry(&format!("MessageAttributes.entry.{at}.Value.StringValue")).as_deref()
                    == Some(value)
        });
        assert!(found, "{name} is not {value}: {}", requests[1].body);
    }
}

#[tokio::test]
async fn what_sns_could_not_take_is_sent_again_and_nothing_else() {
    let receiver = Receiver::start(vec![
        failed(&[("1", "InternalError", false), ("2", "InvalidParameter", true)]),
        failed(&[]),
    ]);
    let outcomes = publish(&receiver, "findings", &many(3)).await;
    assert_eq!(outcomes[0], Outcome::Delivered);
    assert_eq!(outcomes[1], Outcome::Delivered);
    assert_eq!(outcomes[2], Outcome::Refused("SNS: InvalidParameter".into()));
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    let again = field(&requests[1], "PublishBatchRequestEntries.member.1.Message").unwrap();
    assert_eq!(FindingV1::read(&again).unwrap().fingerprint, "f1");
    assert_eq!(field(&requests[1], "PublishBatchRequestEntries.member.2.Id"), None);
    assert_eq!(field(&requests[0], "PublishBatchRequestEntries.member.1.MessageGroupId"), None);
}

#[tokio::test]
async fn a_topic_that_takes_nothing_stops_the_rest() {
    let receiver = Receiver::start(vec![refused(403, "AuthorizationError")]);
    let outcomes = publish(&receiver, "findings", &many(12)).await;
    assert_eq!(outcomes, vec![Outcome::Closed("SNS: AuthorizationError: no".into()); 10]);
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn an_sns_that_is_down_is_for_later() {
    let receiver = Receiver::start((0..9).map(|_| refused(503, "ServiceUnavailable")).collect());
    let outcomes = publish(&receiver, "findings", &many(1)).await;
    assert!(
        matches!(&outcomes[..], [Outcome::Later(why)] if why.contains("ServiceUnavailable")),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_topic_says_how_many_are_subscribed_or_why_it_does_not() {
    let subscribed = Answer::Status(
        200,
        "Content-Type: text/xml\r\n".into(),
        "<GetTopicAttributesResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><GetTopicAttributesResult>\
         <Attributes><entry><key>SubscriptionsConfirmed</key><value>2</value></entry></Attributes>\
         </GetTopicAttributesResult></GetTopicAttributesResponse>"
            .into(),
    );
    for (answer, expected) in [
        (subscribed, Ok(2)),
        (refused(404, "NotFound"), Err(Unseen::Missing)),
        (
            refused(403, "AuthorizationError"),
            Err(Unseen::Forbidden("SNS: AuthorizationError: no".into())),
        ),
        (refused(400, "InvalidParameter"), Err(Unseen::Failed("SNS: InvalidParameter: no".into()))),
    ] {
        let receiver = Receiver::start(vec![answer]);
        let topic = "arn:aws:sns:eu-west-1:111111111111:findings".parse().unwrap();
        let publisher = Publisher::new(&aws(&receiver).await, topic, Form::FindingV1);
        assert_eq!(publisher.subscribed().await, expected);
        let requests = receiver.requests();
        assert_eq!(field(&requests[0], "Action").as_deref(), Some("GetTopicAttributes"));
    }
}

#[tokio::test]
async fn chats_get_a_custom_notification() {
    let receiver = Receiver::start(vec![failed(&[])]);
    let topic = "arn:aws:sns:eu-west-1:111111111111:people".parse().unwrap();
    let publisher = Publisher::new(&aws(&receiver).await, topic, Form::AmazonQ);
    assert_eq!(publisher.publish(&many(1)).await, [Outcome::Delivered]);
    let message = field(&receiver.requests()[0], "PublishBatchRequestEntries.member.1.Message");
    let message: serde_json::Value = serde_json::from_str(&message.unwrap()).unwrap();
    assert_eq!(message["source"], "custom");
}
