use std::collections::BTreeMap;

use granit_parser::{Event, Parser};

use crate::source::Span;

/// Where each key and value of a YAML file stands.
#[derive(Debug, Default)]
pub struct Places {
    places: BTreeMap<Vec<String>, Place>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    key: Option<Span>,
    value: Span,
}

/// A collection that is open while the events are read.
struct Open {
    path: Vec<String>,
    kind: Kind,
}

enum Kind {
    /// With the key that waits for its value.
    Map(Option<(String, Span)>),
    /// With the number of the next item.
    List(usize),
}

impl Places {
    /// Reads `text`; past a syntax error nothing is known.
    pub fn new(text: &str) -> Self {
        let mut reader = Reader {
            places: Self::default(),
            open: Vec::new(),
        };
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            let span = span.byte_range().map_or(Span::empty(0), Span::from);
            reader.event(event, span);
        }
        reader.places
    }

    /// Where the key at the end of `path` stands; for an item, the item; else the start of the
    /// file.
    pub fn key(&self, path: &[&str]) -> Span {
        self.get(path)
            .map_or(Span::empty(0), |place| place.key.unwrap_or(place.value))
    }

    /// Where the value at `path` starts. A value that is written in several lines is given by its
    /// first.
    pub fn value(&self, path: &[&str]) -> Span {
        self.get(path).map_or(Span::empty(0), |place| place.value)
    }

    fn get(&self, path: &[&str]) -> Option<&Place> {
        let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        self.places.get(&path)
    }
}

struct Reader {
    places: Places,
    open: Vec<Open>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(text, ..) => {
                if let Some(Open {
                    kind: Kind::Map(waiting @ None),
                    ..
                }) = self.open.last_mut()
                {
                    *waiting = Some((text.into_owned(), span));
                } else {
                    self.value(span);
                }
            }
            Event::Alias(_) => {
                self.value(span);
            }
            Event::MappingStart(..) => {
                let path = self.value(span);
                self.open.push(Open {
                    path,
                    kind: Kind::Map(None),
                });
            }
            Event::SequenceStart(..) => {
                let path = self.value(span);
                self.open.push(Open {
                    path,
                    kind: Kind::List(0),
                });
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
            }
            _ => {}
        }
    }

    /// Notes a value and gives its path.
    fn value(&mut self, span: Span) -> Vec<String> {
        let (path, key) = match self.open.last_mut() {
            None => (Vec::new(), None),
            Some(open) => {
                let (name, key) = match &mut open.kind {
                    Kind::Map(waiting) => match waiting.take() {
                        Some((name, key)) => (name, Some(key)),
                        // A key that is a collection: nothing of ours has one.
                        None => (String::new(), None),
                    },
                    Kind::List(next) => {
                        *next += 1;
                        ((*next - 1).to_string(), None)
                    }
                };
                let mut path = open.path.clone();
                path.push(name);
                (path, key)
            }
        };
        self.places
            .places
            .entry(path.clone())
            .or_insert(Place { key, value: span });
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_have_their_bytes() {
        let text = "# 设置\nselect: [syntax, \"ads\"]\noverrides:\n  - paths: ['文章/**']\n    profile: archive\n";
        let places = Places::new(text);
        let value = |path: &[&str]| places.value(path).text(text);
        let key = |path: &[&str]| places.key(path).text(text);
        assert_eq!(key(&["select"]), "select");
        assert_eq!(value(&["select", "1"]), "\"ads\"");
        assert_eq!(value(&["overrides", "0", "paths", "0"]), "'文章/**'");
        assert_eq!(key(&["overrides", "0", "profile"]), "profile");
        assert_eq!(value(&["overrides", "0", "profile"]), "archive");
        assert_eq!(places.key(&["gone"]), Span::empty(0));
    }
}
