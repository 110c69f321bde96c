//! The fields of a page by their names alone, and with their places changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::spec::{Field, Type};

/// The names that lead to a field, lists and maps on the way left out.
pub(super) type Place = Vec<String>;

/// A field without those within it.
struct Node {
    field: Field,
    /// Its path in the spec.
    path: String,
    /// The lists and maps around the fields within it.
    around: Vec<Type>,
    holds: bool,
}

/// The fields of a part of an operation by place.
pub(super) struct Tree {
    nodes: BTreeMap<Place, Node>,
    /// The places in the page's order.
    order: Vec<Place>,
    by_name: BTreeMap<String, Vec<Place>>,
}

impl Tree {
    pub(super) fn new(path: &str, fields: &[Field]) -> Self {
        let mut tree = Self { nodes: BTreeMap::new(), order: Vec::new(), by_name: BTreeMap::new() };
        tree.add(path, &[], fields);
        tree
    }

    fn add(&mut self, path: &str, above: &[String], fields: &[Field]) {
        for field in fields {
            let mut place = above.to_vec();
            place.push(field.name.clone());
            if self.nodes.contains_key(&place) {
                continue;
            }
            let path = format!("{path}.{}", field.name);
            let (mut field, mut around) = (field.clone(), Vec::new());
            let within = std::mem::take(&mut innermost(&mut field, &mut around).fields);
            let inner = format!("{path}{}", marks(&around));
            self.by_name.entry(field.name.clone()).or_default().push(place.clone());
            self.order.push(place.clone());
            self.nodes.insert(place.clone(), Node { field, path, around, holds: !within.is_empty() });
            self.add(&inner, &place, &within);
        }
    }

    pub(super) fn has(&self, place: &Place) -> bool {
        self.nodes.contains_key(place)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.order.iter()
    }

    /// The places of a name.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Place> {
        self.by_name.get(name).into_iter().flatten()
    }

    pub(super) fn kind(&self, place: &Place) -> Type {
        self.nodes.get(place).map_or(Type::Any, |node| node.field.kind)
    }

    /// The path of a place in the spec.
    pub(super) fn path(&self, place: &Place) -> Option<&str> {
        self.nodes.get(place).map(|node| node.path.as_str())
    }

    /// The fields with some of them moved to where another tree has them, and what each path became; nothing, where the
    /// field is gone: one that held others, and neither holds any now nor stands in the other tree.
    pub(super) fn moved(
        &self,
        path: &str,
        moves: &BTreeMap<Place, Place>,
        lead: &Self,
    ) -> (Vec<Field>, BTreeMap<String, String>) {
        let mut places: BTreeMap<&Place, Place> = BTreeMap::new();
        for place in &self.order {
            let new = moves.get(place).cloned().unwrap_or_else(|| {
                let (name, above) =
                    place.split_last().map_or((None, place.as_slice()), |(name, above)| (Some(name), above));
                let mut new = places.get(&above.to_vec()).cloned().unwrap_or_else(|| above.to_vec());
                new.extend(name.cloned());
                new
            });
            places.insert(place, new);
        }
        // What leads to a moved field is as the other tree has it, put in where it is missing.
        let ways: BTreeSet<&[String]> = moves.values().flat_map(|to| (1..to.len()).map(|end| &to[..end])).collect();
        let mut building = Building { lead, ways, nodes: BTreeMap::new(), roots: Vec::new() };
        for place in &self.order {
            if let (Some(node), Some(new)) = (self.nodes.get(place), places.get(place)) {
                building.put(new, Some(node));
            }
        }
        let mut new_paths = BTreeMap::new();
        let roots = std::mem::take(&mut building.roots);
        let fields = roots.iter().filter_map(|root| building.take(root, path, &mut new_paths)).collect();
        let mut paths = BTreeMap::new();
        for (place, new) in &places {
            let Some(node) = self.nodes.get(*place) else { continue };
            let to = new_paths.get(new).cloned().unwrap_or_default();
            // The lists and maps around what it holds belong to it.
            if let Some((to, around)) = new_paths.get(new).map(|to| (to, building.around(new, node))) {
                paths.insert(format!("{}{}", node.path, marks(&node.around)), format!("{to}{}", marks(&around)));
            }
            paths.insert(node.path.clone(), to);
        }
        (fields, paths)
    }
}

/// A tree while its fields are being moved.
struct Building<'t> {
    lead: &'t Tree,
    ways: BTreeSet<&'t [String]>,
    nodes: BTreeMap<Place, Built<'t>>,
    roots: Vec<Place>,
}

struct Built<'t> {
    node: Option<&'t Node>,
    within: Vec<Place>,
}

impl<'t> Building<'t> {
    /// Puts a field at its place, and what leads there before it.
    fn put(&mut self, place: &Place, node: Option<&'t Node>) {
        if let Some(built) = self.nodes.get_mut(place) {
            built.node = built.node.or(node);
            return;
        }
        match place.split_last() {
            Some((_, above)) if !above.is_empty() => {
                let above = above.to_vec();
                self.put(&above, None);
                if let Some(above) = self.nodes.get_mut(&above) {
                    above.within.push(place.clone());
                }
            }
            _ => self.roots.push(place.clone()),
        }
        self.nodes.insert(place.clone(), Built { node, within: Vec::new() });
    }

    /// The lists and maps around what a place holds.
    fn around(&self, place: &Place, own: &Node) -> Vec<Type> {
        let lead = self.lead.nodes.get(place).filter(|_| self.ways.contains(place.as_slice()));
        lead.map_or_else(|| own.around.clone(), |node| node.around.clone())
    }

    /// The field at a place with all within it; nothing where it held others and holds none now.
    fn take(&mut self, place: &Place, path: &str, paths: &mut BTreeMap<Place, String>) -> Option<Field> {
        let Built { node, within } = self.nodes.remove(place)?;
        let lead = self.lead.nodes.get(place);
        if within.is_empty() && node.is_some_and(|node| node.holds) && lead.is_none() {
            return None;
        }
        let source = node.or(lead)?;
        let path = format!("{path}.{}", place.last().map_or("", String::as_str));
        paths.insert(place.clone(), path.clone());
        let around = self.around(place, source);
        let mut field = match node {
            Some(node) => node.field.clone(),
            // A level that the page lost: nothing is known of it but that it is there.
            None => Field { name: source.field.name.clone(), ..Field::default() },
        };
        if within.is_empty() {
            return Some(field);
        }
        let inner = format!("{path}{}", marks(&around));
        let fields: Vec<Field> = within.iter().filter_map(|place| self.take(place, &inner, paths)).collect();
        let mut own = Vec::new();
        innermost(&mut field, &mut own);
        if own != around || !matches!(field.kind, Type::Object | Type::Array | Type::Map) {
            field.items = None;
        }
        let mut holder = &mut field;
        for kind in around {
            holder.kind = kind;
            holder = &mut **holder.items.get_or_insert_default();
        }
        holder.kind = Type::Object;
        holder.items = None;
        holder.fields = fields;
        Some(field)
    }
}

/// What is within the lists and maps of a field, and those lists and maps.
fn innermost<'f>(field: &'f mut Field, around: &mut Vec<Type>) -> &'f mut Field {
    match field.kind {
        kind @ (Type::Array | Type::Map) if field.items.is_some() => {
            around.push(kind);
            innermost(field.items.get_or_insert_default(), around)
        }
        _ => field,
    }
}

fn marks(around: &[Type]) -> String {
    around.iter().map(|kind| if *kind == Type::Map { "{}" } else { "[]" }).collect()
}
