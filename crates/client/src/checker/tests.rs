//! Each rule has a broken history that trips it, and nothing else.

use super::*;

fn ann() -> Device {
    Device::new("ann", "desk")
}

fn ben() -> Device {
    Device::new("ben", "desk")
}

/// `count` messages from ann to ben, acknowledged with 10, 20, …
fn acked(count: i64) -> Checker {
    let mut checker = Checker::new();
    for number in 1..=count {
        let packet_id = format!("p{number}");
        checker.sent(&ann(), "ann+ben", &packet_id, &[ben()]);
        checker.acked(&ann(), &packet_id, number * 10);
    }
    checker
}

#[track_caller]
fn finds(checker: &Checker, expected: &Violation) {
    let verdict = checker.verdict();
    assert_eq!(verdict.violations, vec![expected.clone()], "{verdict}");
}

#[test]
fn a_good_history_is_clean() {
    let mut checker = acked(2);
    assert!(!checker.is_settled());
    checker.delivered(&ben(), &ann(), "p1", 10);
    checker.delivered(&ben(), &ann(), "p2", 20);
    assert!(checker.is_settled());
    let verdict = checker.verdict();
    verdict.assert_clean();
    assert_eq!((verdict.sent, verdict.acked, verdict.delivered), (2, 2, 2));
}

#[test]
fn what_is_not_acknowledged_may_arrive_or_not() {
    let mut checker = Checker::new();
    checker.sent(&ann(), "ann+ben", "p1", &[ben()]);
    checker.sent(&ann(), "ann+ben", "p2", &[ben()]);
    checker.delivered(&ben(), &ann(), "p2", 20);
    checker.verdict().assert_clean();
}

#[test]
fn the_same_packet_id_of_two_senders_is_two_messages() {
    let mut checker = Checker::new();
    for (sender, receiver, sequence) in [(ann(), ben(), 1), (ben(), ann(), 2)] {
        checker.sent(&sender, "ann+ben", "p1", std::slice::from_ref(&receiver));
        checker.acked(&sender, "p1", sequence);
        checker.delivered(&receiver, &sender, "p1", sequence);
    }
    checker.verdict().assert_clean();
}

#[test]
fn a_lost_message_is_found() {
    let mut checker = acked(2);
    checker.delivered(&ben(), &ann(), "p2", 20);
    let lost = Violation::Lost {
        device: "ben/desk".to_owned(),
        packet: "ann/desk:p1".to_owned(),
        sequence: 10,
    };
    finds(&checker, &lost);
}

#[test]
fn a_message_that_reached_one_of_two_devices_is_lost_on_the_other() {
    let phone = Device::new("ben", "phone");
    let mut checker = Checker::new();
    checker.sent(&ann(), "ann+ben", "p1", &[ben(), phone.clone()]);
    checker.acked(&ann(), "p1", 10);
    checker.delivered(&ben(), &ann(), "p1", 10);
    let lost = Violation::Lost {
        device: phone.to_string(),
        packet: "ann/desk:p1".to_owned(),
        sequence: 10,
    };
    finds(&checker, &lost);
}

#[test]
fn a_message_shown_twice_is_found() {
    let mut checker = acked(1);
    checker.delivered(&ben(), &ann(), "p1", 10);
    checker.delivered(&ben(), &ann(), "p1", 10);
    let duplicate = Violation::Duplicate {
        device: "ben/desk".to_owned(),
        packet: "ann/desk:p1".to_owned(),
    };
    finds(&checker, &duplicate);
}

#[test]
fn a_message_stored_twice_under_two_sequences_is_found() {
    let mut checker = acked(1);
    checker.delivered(&ben(), &ann(), "p1", 10);
    checker.delivered(&ben(), &ann(), "p1", 11);
    let verdict = checker.verdict();
    assert_eq!(
        verdict.count(|v| matches!(v, Violation::Duplicate { .. })),
        1
    );
    assert!(verdict.count(|v| matches!(v, Violation::SequenceDiffers { .. })) > 0);
}

#[test]
fn a_delivery_out_of_order_is_found() {
    let mut checker = acked(2);
    checker.delivered(&ben(), &ann(), "p2", 20);
    checker.delivered(&ben(), &ann(), "p1", 10);
    let backwards = Violation::NotAscending {
        device: "ben/desk".to_owned(),
        packet: "ann/desk:p1".to_owned(),
        sequence: 10,
        previous: 20,
    };
    finds(&checker, &backwards);
}

#[test]
fn order_is_judged_over_all_conversations_of_a_device() {
    let carl = Device::new("carl", "desk");
    let mut checker = acked(1);
    checker.sent(&carl, "ben+carl", "c1", &[ben()]);
    checker.acked(&carl, "c1", 5);
    checker.delivered(&ben(), &ann(), "p1", 10);
    checker.delivered(&ben(), &carl, "c1", 5);
    let verdict = checker.verdict();
    assert!(matches!(
        verdict.violations[..],
        [Violation::NotAscending { .. }]
    ));
}

#[test]
fn a_message_that_nobody_sent_is_found() {
    let mut checker = acked(0);
    checker.delivered(&ben(), &ann(), "p9", 90);
    let never_sent = Violation::NeverSent {
        device: "ben/desk".to_owned(),
        packet: "ann/desk:p9".to_owned(),
        sequence: 90,
    };
    finds(&checker, &never_sent);
}

#[test]
fn a_message_for_somebody_else_is_found() {
    let mut checker = acked(1);
    let carl = Device::new("carl", "desk");
    checker.delivered(&ben(), &ann(), "p1", 10);
    checker.delivered(&carl, &ann(), "p1", 10);
    let misdelivered = Violation::Misdelivered {
        device: carl.to_string(),
        packet: "ann/desk:p1".to_owned(),
    };
    finds(&checker, &misdelivered);
}

#[test]
fn sequences_against_the_order_of_sending_are_found() {
    let mut checker = Checker::new();
    for (packet_id, sequence) in [("p1", 20), ("p2", 10)] {
        checker.sent(&ann(), "ann+ben", packet_id, &[]);
        checker.acked(&ann(), packet_id, sequence);
    }
    let broken = Violation::SentOrderBroken {
        conversation: "ann+ben".to_owned(),
        packet: "ann/desk:p2".to_owned(),
        sequence: 10,
        earlier: "ann/desk:p1".to_owned(),
        earlier_sequence: 20,
    };
    finds(&checker, &broken);
}

#[test]
fn a_repetition_acknowledged_anew_is_found() {
    let mut checker = acked(1);
    checker.delivered(&ben(), &ann(), "p1", 10);
    checker.acked(&ann(), "p1", 11);
    let changed = Violation::AckChanged {
        packet: "ann/desk:p1".to_owned(),
        first: 10,
        then: 11,
    };
    finds(&checker, &changed);
}

#[test]
fn a_delivery_under_another_sequence_than_the_ack_is_found() {
    let mut checker = acked(1);
    checker.delivered(&ben(), &ann(), "p1", 11);
    let differs = Violation::SequenceDiffers {
        packet: "ann/desk:p1".to_owned(),
        sequences: [10, 11],
    };
    finds(&checker, &differs);
}

#[test]
fn a_sequence_given_to_two_messages_is_found() {
    let mut checker = Checker::new();
    for packet_id in ["p1", "p2"] {
        checker.sent(&ann(), "ann+ben", packet_id, &[]);
        checker.acked(&ann(), packet_id, 10);
    }
    let shared = Violation::SequenceShared {
        sequence: 10,
        packets: ["ann/desk:p1".to_owned(), "ann/desk:p2".to_owned()],
    };
    finds(&checker, &shared);
}

#[test]
fn an_ack_of_nothing_is_found() {
    let mut checker = acked(0);
    checker.acked(&ann(), "p9", 90);
    let unsent = Violation::AckedUnsent {
        packet: "ann/desk:p9".to_owned(),
    };
    finds(&checker, &unsent);
}

#[test]
fn a_packet_id_used_twice_is_the_tests_own_fault() {
    let mut checker = Checker::new();
    checker.sent(&ann(), "ann+ben", "p1", &[]);
    checker.sent(&ann(), "ann+ben", "p1", &[]);
    let twice = Violation::SentTwice {
        packet: "ann/desk:p1".to_owned(),
    };
    finds(&checker, &twice);
}

#[test]
fn a_verdict_spells_out_the_first_violations_and_counts_the_rest() {
    let text = acked(12).verdict().to_string();
    assert!(
        text.starts_with("12 sent, 12 acknowledged, 0 shown: 12 violations\n  lost: ann/desk:p1 ")
    );
    assert!(text.ends_with("and 2 more"), "{text}");
}
