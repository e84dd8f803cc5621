// SPDX-License-Identifier: Apache-2.0
//! Finds libws: in LIBWS_DIR, which is a directory with libws.so or one above "lib"; else by pkg-config.
use std::{env, path::Path};

fn main() {
    println!("cargo::rerun-if-env-changed=LIBWS_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("DOCS_RS").is_some() {
        return; // documentation needs no library
    }
    let Some(directory) = env::var_os("LIBWS_DIR") else {
        if let Err(why) = pkg_config::Config::new().atleast_version("0.1.0").probe("libws") {
            panic!("libws was not found. Install it where pkg-config finds it, or set LIBWS_DIR to the directory of libws.so. {why}");
        }
        return;
    };
    let directory = Path::new(&directory);
    let found = [directory.to_path_buf(), directory.join("lib"), directory.join("lib64")]
        .into_iter()
        .find(|place| ["libws.so", "libws.dylib", "libws.dll.a"].iter().any(|name| place.join(name).exists()));
    let Some(found) = found else {
        panic!("LIBWS_DIR is {}, where there is no libws.so, nor in its lib", directory.display());
    };
    println!("cargo::rustc-link-search=native={}", found.display());
    println!("cargo::rustc-link-lib=dylib=ws");
    println!("cargo::metadata=libdir={}", found.display());
}
