// SPDX-License-Identifier: Apache-2.0
//! For tests/bench/languages/costs.sh: nanoseconds of a call, and of an event by closure and by poll.
use libws::{Client, PolledQueue, Queue, sys};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const CALLS: u32 = 200_000;
const BATCH: usize = 64;
const ROUNDS: usize = 200;

/// CPU time of the thread, for which the standard library has no call.
fn now() -> Duration {
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut [i64; 2]) -> i32;
    }
    let mut time = [0; 2];
    // SAFETY: a timespec of Linux with 64 bits is two numbers of that size; 3 is CLOCK_THREAD_CPUTIME_ID.
    unsafe { clock_gettime(3, &mut time) };
    Duration::new(time[0] as u64, time[1] as u32)
}

fn main() -> libws::Result<()> {
    unsafe extern "C" fn nobody(_: *const sys::ws_event, _: *mut std::ffi::c_void) {}
    let (called, mut polled) = (Queue::new()?, PolledQueue::new()?);
    let (client, seen) = (Client::new()?, Arc::new(AtomicI64::new(0)));
    let begin = now();
    for _ in 0..CALLS {
        client.state()?;
    }
    let call = (now() - begin).as_nanos() as f64 / f64::from(CALLS);
    let mut by = [Duration::ZERO; 2];
    for _ in 0..ROUNDS {
        for _ in 0..BATCH {
            let seen = seen.clone();
            called.post(Duration::ZERO, move |_| _ = seen.fetch_add(1, Ordering::Relaxed))?;
        }
        std::thread::sleep(Duration::from_millis(2)); // until all wait in the queue
        let (begin, mut got) = (now(), 0);
        while got < BATCH {
            got += called.dispatch(0, None)?;
        }
        by[0] += now() - begin;
        for _ in 0..BATCH {
            // SAFETY: on a queue that is polled no function is called.
            unsafe { sys::ws_post(polled.as_raw(), 0, Some(nobody), std::ptr::null_mut(), std::ptr::null_mut()) };
        }
        std::thread::sleep(Duration::from_millis(2)); // until all wait in the queue
        let (begin, mut got) = (now(), 0);
        while got < BATCH {
            got += polled.poll(None, |event| _ = seen.fetch_add(i64::from(event.operation().is_some()), Ordering::Relaxed))?;
        }
        by[1] += now() - begin;
    }
    let each = |time: Duration| time.as_nanos() as f64 / (BATCH * ROUNDS) as f64;
    println!("{call:.1} {:.1} {:.1}", each(by[0]), each(by[1]));
    assert_eq!(seen.load(Ordering::Relaxed), (2 * BATCH * ROUNDS) as i64);
    Ok(())
}
