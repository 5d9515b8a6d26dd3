//! What the keys do.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::editor::Edit;
use super::model::scroll::Move;

/// What somebody at the keyboard wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Edit(Edit),
    /// The text is done: send it, or do what it says.
    Submit,
    /// Complete a command; without one, on to what is unread.
    Tab,
    Switch(Neighbour),
    Scroll(Move),
    /// Away with what lies above the conversation.
    Escape,
    Redraw,
    /// Do not wait for the next attempt to connect.
    Reconnect,
    Leave,
}

/// A conversation in the list, seen from the open one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Neighbour {
    Next,
    Previous,
}

/// `None` for what means nothing here.
pub(crate) fn action(event: Event) -> Option<Action> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => of_key(key),
        Event::Paste(text) => Some(insert(&pasted(&text))),
        Event::Resize(..) => Some(Action::Redraw),
        _ => None,
    }
}

fn of_key(key: KeyEvent) -> Option<Action> {
    let modifiers = key.modifiers;
    if modifiers.contains(KeyModifiers::CONTROL) {
        return with_control(key.code);
    }
    if modifiers.contains(KeyModifiers::ALT) {
        return with_alt(key.code);
    }
    Some(match key.code {
        KeyCode::Char(c) => insert(c.encode_utf8(&mut [0; 4])),
        KeyCode::Enter => Action::Submit,
        KeyCode::Tab => Action::Tab,
        KeyCode::Esc => Action::Escape,
        KeyCode::Backspace => Action::Edit(Edit::DeleteBack),
        KeyCode::Delete => Action::Edit(Edit::DeleteForward),
        KeyCode::Left => Action::Edit(Edit::Left),
        KeyCode::Right => Action::Edit(Edit::Right),
        KeyCode::Home => Action::Edit(Edit::Start),
        KeyCode::End => Action::Edit(Edit::End),
        KeyCode::Up => Action::Scroll(Move::LineUp),
        KeyCode::Down => Action::Scroll(Move::LineDown),
        KeyCode::PageUp => Action::Scroll(Move::PageUp),
        KeyCode::PageDown => Action::Scroll(Move::PageDown),
        _ => return None,
    })
}

fn with_control(code: KeyCode) -> Option<Action> {
    Some(match code {
        KeyCode::Char('c' | 'd') => Action::Leave,
        KeyCode::Char('n') => Action::Switch(Neighbour::Next),
        KeyCode::Char('p') => Action::Switch(Neighbour::Previous),
        KeyCode::Char('l') => Action::Redraw,
        KeyCode::Char('r') => Action::Reconnect,
        KeyCode::Char('j') => insert("\n"),
        KeyCode::Char('a') => Action::Edit(Edit::Start),
        KeyCode::Char('e') => Action::Edit(Edit::End),
        KeyCode::Char('w' | 'h') | KeyCode::Backspace => Action::Edit(Edit::DeleteWordBack),
        KeyCode::Char('u') => Action::Edit(Edit::DeleteToStart),
        KeyCode::Char('k') => Action::Edit(Edit::DeleteToEnd),
        KeyCode::Left => Action::Edit(Edit::WordLeft),
        KeyCode::Right => Action::Edit(Edit::WordRight),
        KeyCode::Home => Action::Scroll(Move::Top),
        KeyCode::End => Action::Scroll(Move::Bottom),
        _ => return None,
    })
}

fn with_alt(code: KeyCode) -> Option<Action> {
    Some(match code {
        KeyCode::Enter => insert("\n"),
        KeyCode::Down => Action::Switch(Neighbour::Next),
        KeyCode::Up => Action::Switch(Neighbour::Previous),
        KeyCode::Char('b') | KeyCode::Left => Action::Edit(Edit::WordLeft),
        KeyCode::Char('f') | KeyCode::Right => Action::Edit(Edit::WordRight),
        KeyCode::Backspace => Action::Edit(Edit::DeleteWordBack),
        _ => return None,
    })
}

fn insert(text: &str) -> Action {
    Action::Edit(Edit::Insert(text.to_owned()))
}

/// Terminals paste the ends of lines as if Enter was pressed.
fn pasted(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Option<Action> {
        action(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn what_is_typed_is_inserted_and_enter_submits() {
        let typed = pressed(KeyCode::Char('你'), KeyModifiers::NONE);
        assert_eq!(typed, Some(insert("你")));
        let upper = pressed(KeyCode::Char('A'), KeyModifiers::SHIFT);
        assert_eq!(upper, Some(insert("A")));
        let entered = pressed(KeyCode::Enter, KeyModifiers::NONE);
        assert_eq!(entered, Some(Action::Submit));
    }

    #[test]
    fn both_ways_out_are_open() {
        for key in ['c', 'd'] {
            let pressed = pressed(KeyCode::Char(key), KeyModifiers::CONTROL);
            assert_eq!(pressed, Some(Action::Leave));
        }
    }

    #[test]
    fn a_paste_of_several_lines_is_one_text() {
        let paste = Event::Paste("one\r\ntwo\rthree\n".to_owned());
        assert_eq!(action(paste), Some(insert("one\ntwo\nthree\n")));
        let line = pressed(KeyCode::Enter, KeyModifiers::ALT);
        assert_eq!(line, Some(insert("\n")));
    }

    #[test]
    fn keys_without_a_meaning_do_nothing() {
        assert_eq!(pressed(KeyCode::F(5), KeyModifiers::NONE), None);
        assert_eq!(pressed(KeyCode::Char('x'), KeyModifiers::CONTROL), None);
        assert_eq!(action(Event::FocusLost), None);
    }
}
