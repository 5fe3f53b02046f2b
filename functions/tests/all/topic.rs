//! A topic, and what arrives there: a queue is subscribed to it.

use std::collections::BTreeMap;

use rolecall_alert::FindingV1;
use rolecall_tests::http::Message;
use serde_json::{Value, json};

use crate::lambda::Lambda;
use crate::world::World;

/// A topic of the world's name.
pub(crate) struct Topic {
    port: u16,
    name: String,
}

impl Topic {
    pub(crate) fn new(world: &World) -> Topic {
        let topic = Topic { port: world.s3.port, name: world.name.clone() };
        for action in [
            format!("CreateTopic&Name={}", topic.name),
            format!("CreateQueue&QueueName={}", topic.name),
            format!(
                "Subscribe&TopicArn={}&Protocol=sqs&Endpoint={}\
                 &Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true",
                topic.arn("sns"),
                topic.arn("sqs")
            ),
        ] {
            let form = ("Content-Type", "application/x-www-form-urlencoded");
            topic.ask(&[form], format!("Action={action}"));
        }
        topic
    }

    fn arn(&self, service: &str) -> String {
        format!("arn:aws:{service}:us-east-1:000000000000:{}", self.name)
    }

    fn ask(&self, headers: &[(&str, &str)], body: String) -> Message {
        let (first, body) = ("POST / HTTP/1.1".to_owned(), body.into_bytes());
        let request = Message { first, body, ..Message::default() };
        let request = request.with("Host", format!("127.0.0.1:{}", self.port));
        let request = headers.iter().fold(request, |asked, (name, value)| asked.with(name, value));
        let answer = request.send(self.port).unwrap();
        assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
        answer
    }

    /// The function `detect` of a world, which publishes here.
    pub(crate) fn detect(&self, world: &World) -> Lambda {
        let mut settings = world.settings();
        settings.push(("ROLECALL_TOPIC_ARN", self.arn("sns")));
        Lambda::start("detect", &settings)
    }

    /// The findings that arrived since somebody asked, by id, as often as they came.
    pub(crate) fn heard(&self) -> BTreeMap<String, Vec<Value>> {
        let mut heard: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        loop {
            let url = format!("http://127.0.0.1:{}/000000000000/{}", self.port, self.name);
            let asked =
                json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 40_000});
            let target = [
                ("X-Amz-Target", "AmazonSQS.ReceiveMessage"),
                ("Content-Type", "application/x-amz-json-1.0"),
            ];
            let answer = self.ask(&target, asked.to_string());
            let answer: Value = serde_json::from_slice(&answer.body).unwrap();
            let Some(messages) = answer["Messages"].as_array() else { return heard };
            if messages.is_empty() {
                return heard;
            }
            for message in messages {
                let text = message["Body"].as_str().unwrap();
                let id = FindingV1::read(text).unwrap().id();
                heard.entry(id).or_default().push(serde_json::from_str(text).unwrap());
            }
        }
    }
}

/// The same findings without the time at which a run found them.
pub(crate) fn timeless(heard: &BTreeMap<String, Vec<Value>>) -> BTreeMap<String, Value> {
    let first = |(id, found): (&String, &Vec<Value>)| {
        let mut found = found[0].clone();
        found["found_at"] = Value::Null;
        (id.clone(), found)
    };
    heard.iter().map(first).collect()
}
