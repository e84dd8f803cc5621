// SPDX-License-Identifier: Apache-2.0
//! Structs are where the C compiler has them. LIBWS_DECLARATIONS is the program that tests/ffi/header.py
//! writes; without it only that the library is one for these declarations is looked at.
#[rustfmt::skip]
#[path = "layout/mod.rs"]
mod expected;

#[test]
fn structs_are_laid_out_as_by_the_c_compiler() {
    let Some(program) = std::env::var_os("LIBWS_DECLARATIONS") else { return };
    let said = String::from_utf8(std::process::Command::new(program).output().unwrap().stdout).unwrap();
    let mut of = String::new();
    let mut seen = std::collections::HashMap::new();
    // Lines as: "ws_header": {"size": 16, "align": 8, "members": {   and   "name": {"type": "const char *", "offset": 0, "size": 8},
    for line in said.lines() {
        let name = line.split('"').nth(1).unwrap_or("").to_string();
        let number = |key: &str| -> Option<usize> {
            let rest = line.rsplit_once(&format!("\"{key}\": "))?.1; // the last one: a member may be called size
            rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
        };
        if line.contains("\"members\"") {
            of = name;
            seen.insert(of.clone(), (0, number("size").unwrap()));
        } else if let (Some(offset), Some(size)) = (number("offset"), number("size")) {
            seen.insert(format!("{of}.{name}"), (offset, size));
        }
    }
    let ours: std::collections::HashMap<_, _> =
        expected::layout().into_iter().map(|(name, offset, size)| (name.to_string(), (offset, size))).collect();
    assert!(seen.len() > 100, "{} lines of the program were understood", seen.len());
    for (name, place) in &seen {
        assert_eq!(ours.get(name), Some(place), "{name}");
    }
    assert_eq!(ours.len(), seen.len());
}

#[test]
fn the_library_has_the_abi_of_these_declarations() {
    // SAFETY: the call takes nothing and returns a number.
    assert_eq!(unsafe { libws_sys::ws_abi_version() }, libws_sys::WS_ABI_VERSION);
}
