use rustc_hash::{FxHashMap, FxHashSet};

use super::matching::Page;
use super::{Complex, Operator, Selector, Simple};
use crate::html::arena::{Arena, ElementId};

/// The selectors of many rules, arranged so that an element meets only those that can match it.
#[derive(Debug, Default)]
pub struct Index {
    complexes: Vec<(u32, Complex)>,
    by_id: FxHashMap<String, Vec<u32>>,
    by_class: FxHashMap<String, Vec<u32>>,
    by_name: FxHashMap<String, Vec<u32>>,
    by_attribute: FxHashMap<String, ByAttribute>,
    always: Vec<u32>,
}

/// The selectors that need an attribute of one name.
#[derive(Debug, Default)]
struct ByAttribute {
    present: Vec<u32>,
    equal: FxHashMap<String, Vec<u32>>,
    prefixes: FxHashMap<String, Vec<u32>>,
    // The distinct lengths of the prefixes: one look-up each, however many prefixes there are.
    prefix_lengths: Vec<usize>,
}

/// Something that an element must have for a compound to match it.
enum Key<'s> {
    Id(&'s str),
    Class(&'s str),
    Equal(&'s str, &'s str),
    Prefix(&'s str, &'s str),
    Attribute(&'s str),
    Name(&'s str),
}

impl Index {
    /// Arranges `selectors`; the number of each is its place in the iterator.
    pub fn new<'a>(selectors: impl IntoIterator<Item = &'a Selector>) -> Self {
        let mut index = Self::default();
        for (number, selector) in selectors.into_iter().enumerate() {
            for complex in &selector.list {
                index.add(number as u32, complex);
            }
        }
        for table in index.by_attribute.values_mut() {
            table.prefix_lengths = table.prefixes.keys().map(String::len).collect();
            table.prefix_lengths.sort_unstable();
            table.prefix_lengths.dedup();
        }
        index
    }

    fn add(&mut self, number: u32, complex: &Complex) {
        let place = self.complexes.len() as u32;
        self.complexes.push((number, complex.clone()));
        let last = complex.parts.last().map_or(&[][..], |part| &part.1);
        let Some(keys) = keys(last) else {
            self.always.push(place);
            return;
        };
        for key in keys {
            let bucket = match key {
                Key::Id(id) => self.by_id.entry(id.to_owned()).or_default(),
                Key::Class(class) => self.by_class.entry(class.to_owned()).or_default(),
                Key::Name(name) => self.by_name.entry(name.to_owned()).or_default(),
                Key::Attribute(name) => &mut self.attribute(name).present,
                Key::Equal(name, value) => self
                    .attribute(name)
                    .equal
                    .entry(value.to_owned())
                    .or_default(),
                Key::Prefix(name, value) => self
                    .attribute(name)
                    .prefixes
                    .entry(value.to_owned())
                    .or_default(),
            };
            bucket.push(place);
        }
    }

    fn attribute(&mut self, name: &str) -> &mut ByAttribute {
        self.by_attribute.entry(name.to_owned()).or_default()
    }

    /// Every (element, selector number) that matches, in the order of the elements.
    pub fn matches(&self, arena: &Arena, source: &[u8]) -> Vec<(ElementId, usize)> {
        let mut found = Vec::new();
        let mut met = Vec::new();
        if self.complexes.is_empty() {
            return found;
        }
        let page = Page { arena, source };
        let mut lower = String::new();
        let mut names_seen: FxHashSet<String> = FxHashSet::default();
        for id in arena.ids() {
            met.clear();
            met.extend_from_slice(&self.always);
            extend(&mut met, self.by_name.get(arena.name(id)));
            names_seen.clear();
            let attributes = arena.attributes(id);
            for attribute in attributes {
                lower.clear();
                let name = attribute.name.slice(source);
                lower.extend(name.iter().map(|&b| char::from(b.to_ascii_lowercase())));
                // Of duplicates the first counts.
                if attributes.len() > 1 && !names_seen.insert(lower.clone()) {
                    continue;
                }
                let table = self.by_attribute.get(lower.as_str());
                let is_id = lower == "id" && !self.by_id.is_empty();
                let is_class = lower == "class" && !self.by_class.is_empty();
                if table.is_none() && !is_id && !is_class {
                    continue;
                }
                let value = attribute.text(source);
                if is_id {
                    extend(&mut met, self.by_id.get(&*value));
                }
                if is_class {
                    for token in value.split_ascii_whitespace() {
                        extend(&mut met, self.by_class.get(token));
                    }
                }
                if let Some(table) = table {
                    met.extend_from_slice(&table.present);
                    extend(&mut met, table.equal.get(&*value));
                    for &length in &table.prefix_lengths {
                        if let Some(head) = value.get(..length) {
                            extend(&mut met, table.prefixes.get(head));
                        }
                    }
                }
            }
            let first = found.len();
            for &place in &met {
                if let Some((number, complex)) = self.complexes.get(place as usize) {
                    let hit = (id, *number as usize);
                    if !found.get(first..).unwrap_or(&[]).contains(&hit)
                        && page.complex(complex, id)
                    {
                        found.push(hit);
                    }
                }
            }
            if let Some(own) = found.get_mut(first..) {
                own.sort_unstable();
            }
        }
        found
    }
}

fn extend(met: &mut Vec<u32>, more: Option<&Vec<u32>>) {
    if let Some(more) = more {
        met.extend_from_slice(more);
    }
}

/// What an element must have one of for `compound` to match it, the rarest kind of thing first;
/// `None` if that cannot be told.
fn keys(compound: &[Simple]) -> Option<Vec<Key<'_>>> {
    let rank = |simple: &Simple| match simple {
        Simple::Id(_) => 0,
        Simple::Class(_) => 1,
        Simple::Attribute {
            test: Some((Operator::Equals, value)),
            ignore_case: false,
            ..
        } if !value.is_empty() => 2,
        Simple::Attribute {
            test: Some((Operator::Prefix, value)),
            ignore_case: false,
            ..
        } if !value.is_empty() => 3,
        Simple::Attribute { .. } => 4,
        Simple::Is(_) => 5,
        Simple::Type(_) => 6,
        _ => 7,
    };
    let mut simples: Vec<&Simple> = compound.iter().collect();
    simples.sort_by_key(|simple| rank(simple));
    for simple in simples {
        match simple {
            Simple::Id(id) => return Some(vec![Key::Id(id)]),
            Simple::Class(class) => return Some(vec![Key::Class(class)]),
            Simple::Type(name) => return Some(vec![Key::Name(name)]),
            Simple::Attribute {
                name,
                test,
                ignore_case,
            } => {
                return Some(vec![match test {
                    Some((Operator::Equals, value)) if !ignore_case => Key::Equal(name, value),
                    Some((Operator::Prefix, value)) if !ignore_case && !value.is_empty() => {
                        Key::Prefix(name, value)
                    }
                    _ => Key::Attribute(name),
                }]);
            }
            Simple::Is(list) => {
                let all: Option<Vec<Vec<Key<'_>>>> = list
                    .iter()
                    .map(|complex| keys(complex.parts.last().map_or(&[][..], |part| &part.1)))
                    .collect();
                if let Some(all) = all {
                    return Some(all.into_iter().flatten().collect());
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Mask, Span};

    #[test]
    fn numbers_are_places_and_each_pair_comes_once() {
        let html = "<div id=ad-1 class='a b'></div><p>";
        let arena = Arena::parse(html.as_bytes(), Span::new(0, html.len()), &Mask::default());
        let selectors: Vec<Selector> = [
            "p",
            ".a, .b, [id^='ad-']",
            ":is(.b, #x):not(p)",
            "[id='ad-1']",
        ]
        .iter()
        .map(|text| Selector::parse(text).unwrap())
        .collect();
        let found = Index::new(&selectors).matches(&arena, html.as_bytes());
        let id = ElementId;
        assert_eq!(found, [(id(0), 1), (id(0), 2), (id(0), 3), (id(1), 0)]);
    }

    #[test]
    fn thousands_of_selectors_share_few_buckets() {
        let selectors: Vec<Selector> = (0..5000)
            .map(|n| Selector::parse(&format!("#ad-{n}, .slot-{n}, [id^='box{n}-']")).unwrap())
            .collect();
        let index = Index::new(&selectors);
        assert!(index.always.is_empty());
        assert!(index.by_attribute["id"].prefix_lengths.len() <= 4);
        let html = "<div id=box4999-x class=slot-7></div>";
        let arena = Arena::parse(html.as_bytes(), Span::new(0, html.len()), &Mask::default());
        let numbers: Vec<usize> = index
            .matches(&arena, html.as_bytes())
            .into_iter()
            .map(|(_, number)| number)
            .collect();
        assert_eq!(numbers, [7, 4999]);
    }
}
