//! What the lock leaves behind.

use super::*;
use crate::base::{Body, Events, RequestId, Secret, Side, Transcript};
use crate::tui::listing::{Index, Job};
use crate::tui::overlay::json::{JsonOf, Way};
use crate::workspace::export::{Format, Rows, Written};

const ID: RequestId = RequestId(1);

fn answered(events: &Events) {
    events.keep(Transcript {
        id: ID,
        query: None,
        asked: Side {
            headers: Vec::new(),
            body: Body::None,
        },
        answered: None,
    });
}

fn world() -> (World, Events) {
    let settings = Settings::new(std::env::temp_dir());
    let events = settings.events.clone();
    (World::new(settings, mpsc::channel(1).0), events)
}

fn open(world: &World, epoch: Epoch) {
    let settings = world.shared.settings.clone();
    let workspace = Workspace::demo("http://127.0.0.1:1", settings).unwrap();
    world.shared.hold(|held| {
        held.lan = Some(workspace.clone());
        held.offer(Open {
            epoch,
            workspace,
            demo: None,
        });
        assert!(held.of(epoch).is_some());
    });
}

/// Leaves an answer behind when it goes.
struct Last(Events);

impl Drop for Last {
    fn drop(&mut self) {
        answered(&self.0);
    }
}

#[tokio::test]
async fn of_rows_that_are_arranged_only_what_was_asked_last_is_told() {
    let (sender, mut answers) = mpsc::channel(4);
    let mut world = World::new(Settings::new(std::env::temp_dir()), sender);
    for (generation, typed) in [(1, "a"), (2, "b")] {
        let mut index = Index::default();
        (0..3_000).for_each(|_| index.push(["abc"]));
        let job = Box::new(Job::of(index, typed));
        let list = List::Users;
        world.run(
            Effect::Arrange {
                generation,
                list,
                job,
            },
            0,
        );
    }
    let told = answers.recv().await.unwrap();
    assert!(
        matches!(told, Msg::Arranged { generation: 2, .. }),
        "{told:?}"
    );
    assert!(answers.try_recv().is_err());
}

#[tokio::test]
async fn what_a_task_leaves_behind_at_the_lock_is_forgotten_too() {
    let (mut world, events) = world();
    let last = Last(events.clone());
    let (begun, begins) = tokio::sync::oneshot::channel();
    world.flow = Some(Task::spawn(async move {
        let _last = last;
        let _ = begun.send(());
        std::future::pending::<()>().await;
    }));
    begins.await.unwrap();
    world.run(Effect::Lock { generation: 1 }, 0);
    let closing = world.flow.take().unwrap();
    closing.finish().await;
    assert!(events.transcript(ID).is_none());
}

#[test]
fn an_exchange_that_outlives_the_lock_leaves_nothing_behind() {
    let (world, events) = world();
    let shared = Shared {
        epoch: 1,
        ..world.shared.clone()
    };
    open(&world, 1);
    answered(&events);
    shared.let_go_if_closed();
    assert!(events.transcript(ID).is_some(), "it is still open");
    shared.hold(|held| held.lock(2));
    shared.let_go_if_closed();
    assert!(events.transcript(ID).is_none());
    assert!(shared.hold(|held| held.lan.is_none()));
}

/// What one effect answers in the workspace of an epoch.
async fn answer(world: &mut World, answers: &mut mpsc::Receiver<Msg>, effect: Effect) -> Msg {
    world.run(effect, 1);
    answers.recv().await.unwrap()
}

#[tokio::test]
async fn rows_become_a_file_that_is_not_replaced_unasked() {
    let place = tempfile::tempdir().unwrap();
    let settings = Settings::new(place.path().join("data"));
    let (sender, mut answers) = mpsc::channel(4);
    let mut world = World::new(settings, sender);
    let path = place.path().join("log.jsonl");
    let export = Effect::Export {
        generation: 7,
        rows: Arc::new(Rows::Requests(Vec::new())),
        format: Format::Json,
        path: path.clone(),
        replace: false,
    };
    for written in [Written::Done, Written::Exists] {
        let Msg::Exported {
            generation, result, ..
        } = answer(&mut world, &mut answers, export.clone()).await
        else {
            panic!("another answer came");
        };
        assert_eq!((generation, result), (7, Ok(written)));
    }
    assert!(path.exists());
}

#[tokio::test]
async fn a_body_of_the_log_becomes_a_tree_as_far_as_it_is_kept() {
    let settings = Settings::new(std::env::temp_dir());
    let events = settings.events.clone();
    let (sender, mut answers) = mpsc::channel(4);
    let mut world = World::new(settings, sender);
    answered(&events);
    let side = |body| Side {
        headers: Vec::new(),
        body,
    };
    events.keep(Transcript {
        id: RequestId(2),
        query: None,
        asked: side(Body::None),
        answered: Some(side(Body::Json {
            text: Secret::new("[1, 2"),
            bytes: 1_000,
            cut: true,
        })),
    });
    for (id, way, values) in [
        (2, Way::Answered, Some(2)),
        (2, Way::Asked, None),
        (1, Way::Answered, None),
    ] {
        let id = RequestId(id);
        let of = JsonOf::Request { id, way };
        let effect = Effect::RecallJson { generation: 8, of };
        let Msg::JsonRecalled {
            generation: 8,
            result: Ok(tree),
        } = answer(&mut world, &mut answers, effect).await
        else {
            panic!("another answer came");
        };
        assert_eq!(tree.map(|tree| tree.len()), values, "{of:?}");
    }
}
