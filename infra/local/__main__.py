"""The whole stack on this machine, without an AWS account: MiniStack takes the template, runs the functions, and a
trail goes in as its bucket would bring it, until findings reach a webhook.

    infra/local [--trail FOLDER] [--config rolecall.toml] [--functions FOLDER] [--found FILE] [--calls FILE] [--keep]

`./dev local` builds what this needs, and calls it with the Python of MiniStack. FOLDER of the functions holds their
binaries and `rolecall` (a release build). It fails if something is lost, told twice or to the wrong place, done without
permission, or not logged, and if a log holds a secret. What the webhook received is written to FILE, a `finding.v1` a
line; the calls of the functions to FILE as infra/gate/least_privilege.py reads them. With --keep, everything stays until
you press Ctrl-C, and the program says how to look at it.
"""

import argparse
import json
import signal
import tempfile
import time
from pathlib import Path

import checks
from cloud import REGION, Cloud, say
from delivery import Delivery, Signer
from history import History, sts
from leftovers import Leftovers
from proxy import Proxy
from stack import FUNCTIONS, bring_config, deploy, invoke, lead_through, parameters, upload_functions
from subscriber import Subscriber
from trail import DEMO, Trail
from webhook import Webhook

ROOT = Path(__file__).resolve().parent.parent.parent


def arguments() -> argparse.Namespace:
    known = argparse.ArgumentParser(prog="infra/local", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    known.add_argument("--trail", type=Path, default=DEMO)
    known.add_argument("--config", type=Path, default=ROOT / "demo/rolecall.toml")
    known.add_argument("--functions", type=Path, default=ROOT / "target/release")
    known.add_argument("--found", type=Path)
    known.add_argument("--calls", type=Path)
    known.add_argument("--keep", action="store_true")
    return known.parse_args()


def run(asked: argparse.Namespace, cloud: Cloud, folder: Path) -> None:
    cloud.wait()
    webhook, signer, history = Webhook(), Signer(folder), History(asked.trail)
    upload_functions(cloud, asked.functions, folder)
    given = parameters(cloud, webhook, asked.config)
    outputs = deploy(cloud, given)
    say(f"deployed: the lake is {outputs['Lake']}")
    bring_config(cloud, asked.config, outputs["LakeBucket"])
    leftovers = Leftovers(cloud, outputs["Lake"])
    proxy = Proxy(cloud.port, FUNCTIONS, {"cloudtrail": history.look_up, "sts": sts}, (leftovers.old,))
    lead_through(cloud, proxy.urls)
    topic = outputs["FindingsTopicArn"]
    subscriber = Subscriber(cloud, asked.functions / "rolecall", signer.certificate, topic)
    Delivery(cloud, topic, signer, subscriber.url).take_over()

    trail = Trail(cloud, asked.trail, outputs)
    trail.bring()
    say(f"ingest read {len(trail.files)} objects")
    say(f"ingest, catching up: {json.dumps(invoke(cloud, 'ingest', {'rolecall': 'catch-up', 'from': '2000-01-01'}))}")
    detected = invoke(cloud, "detect")
    say(f"detect: {json.dumps(detected)}")
    time.sleep(2)  # the webhook is down as long
    webhook.open()
    trail.give_up_nonsense()
    checks.poll(cloud, history, outputs["Lake"], asked.functions / "rolecall")
    checks.upkeep(cloud, leftovers)
    checks.webhook(cloud, webhook, outputs["UndeliveredFindingsUrl"], detected["findingsPublished"])
    checks.subscriber(subscriber, webhook)
    checks.logs(cloud, webhook, trail)
    checks.secret_is_kept(cloud, proxy)

    if asked.found:
        asked.found.write_text("".join(f"{json.dumps(finding)}\n" for finding in webhook.findings().values()))
    for finding in webhook.findings().values():
        print(f"{finding['severity']:9} {finding['detection']:34} {finding['subject']}")
    calls = asked.calls or folder / "calls.jsonl"
    calls.write_text("".join(f"{json.dumps(call)}\n" for call in proxy.seen))
    checks.permissions(proxy, calls, given, folder)
    if asked.keep:
        say(f"\nAWS_ENDPOINT_URL={cloud.endpoint} AWS_REGION={REGION} AWS_ACCESS_KEY_ID=test "
            f"AWS_SECRET_ACCESS_KEY=test rolecall --lake {outputs['Lake']} sessions\n\nCtrl-C ends it.")
        signal.pause()


def main() -> None:
    asked = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else MiniStack and its functions stay behind
    with tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(Path(folder))
        try:
            run(asked, cloud, Path(folder))
        except KeyboardInterrupt:
            pass
        finally:
            cloud.end()


if __name__ == "__main__":
    main()
