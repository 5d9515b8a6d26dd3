//! The runs, in their order, each as a command line that anybody can repeat.

/// One run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// What the goals call it.
    pub(super) key: &'static str,
    /// What stands behind `mimc bench --spawn`.
    pub(super) line: &'static str,
    /// How often: where figures vary, the best one counts.
    pub(super) times: u32,
    /// Whether it is on the one large store that the steps before have filled.
    pub(super) is_on_store: bool,
}

const fn step(key: &'static str, line: &'static str) -> Step {
    Step {
        key,
        line,
        times: 1,
        is_on_store: false,
    }
}

const fn best_of_3(key: &'static str, line: &'static str) -> Step {
    Step {
        times: 3,
        ..step(key, line)
    }
}

const fn on_store(key: &'static str, line: &'static str) -> Step {
    Step {
        is_on_store: true,
        ..step(key, line)
    }
}

const fn on_store_best_of_3(key: &'static str, line: &'static str) -> Step {
    Step {
        times: 3,
        ..on_store(key, line)
    }
}

/// At the size that the goals are set for.
pub(super) const FULL: &[Step] = &[
    best_of_3(
        "open",
        "p2p --pairs 1000 --rate 20000 --with-limit --seconds 5",
    ),
    step("closed", "limit --pairs 1000 --window 16 --seconds 5"),
    best_of_3(
        "light",
        "p2p --pairs 100 --rate 1000 --with-limit --seconds 5",
    ),
    step("mixed", "mixed --rate 1000 --seconds 5"),
    best_of_3("tcp-few", "idle --connections 100 --seconds 2"),
    step("tcp", "idle --connections 9500 --seconds 5"),
    best_of_3(
        "websocket-few",
        "idle --connections 100 --transport websocket --seconds 2",
    ),
    step(
        "websocket",
        "idle --connections 9500 --transport websocket --seconds 5",
    ),
    step("storm", "storm --connections 15000"),
    step("overload", "overload --idle 15000 --drain 30"),
    best_of_3("group", "group --members 500 --seconds 4"),
    step("large-group", "group --members 5000 --seconds 4"),
    step("offline", "offline --messages 10000"),
    best_of_3("alone", "p2p --pairs 50 --rate 5000 --seconds 4"),
    best_of_3(
        "among-many",
        "p2p --pairs 50 --rate 5000 --idle 9400 --seconds 4",
    ),
    on_store(
        "history-few",
        "history --messages 1000000 --restart --seconds 5",
    ),
    on_store_best_of_3("stored-few", "p2p --pairs 50 --rate 5000 --seconds 4"),
    on_store(
        "history",
        "history --messages 10000000 --restart --seconds 5",
    ),
    on_store_best_of_3("stored-many", "p2p --pairs 50 --rate 5000 --seconds 4"),
];

/// Enough to see that everything works.
pub(super) const QUICK: &[Step] = &[
    step(
        "open",
        "p2p --pairs 100 --rate 2000 --with-limit --seconds 3",
    ),
    step("closed", "limit --pairs 100 --window 16 --seconds 3"),
    step(
        "light",
        "p2p --pairs 50 --rate 500 --with-limit --seconds 3",
    ),
    step("mixed", "mixed --rate 500 --seconds 3"),
    step("tcp-few", "idle --connections 100 --seconds 3"),
    step("tcp", "idle --connections 1000 --seconds 3"),
    step(
        "websocket-few",
        "idle --connections 100 --seconds 3 --transport websocket",
    ),
    step(
        "websocket",
        "idle --connections 1000 --seconds 3 --transport websocket",
    ),
    step("storm", "storm --connections 1000"),
    step("overload", "overload --pairs 50 --idle 500 --seconds 3"),
    step("group", "group --members 100 --seconds 3"),
    step("large-group", "group --members 500 --seconds 3"),
    step("offline", "offline --messages 2000"),
    step("alone", "p2p --pairs 20 --rate 500 --seconds 2"),
    step(
        "among-many",
        "p2p --pairs 20 --rate 500 --idle 500 --seconds 2",
    ),
    on_store(
        "history-few",
        "history --messages 20000 --restart --seconds 2",
    ),
    on_store("stored-few", "p2p --pairs 20 --rate 500 --seconds 2"),
    on_store("history", "history --messages 100000 --restart --seconds 2"),
    on_store("stored-many", "p2p --pairs 20 --rate 500 --seconds 2"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sizes_make_the_same_runs() {
        let keys = |steps: &[Step]| steps.iter().map(|step| step.key).collect::<Vec<_>>();
        assert_eq!(keys(FULL), keys(QUICK));
    }
}
