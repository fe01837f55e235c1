// Shows the thread sanitizer the contended locks of Swift's Mutex, which it cannot see by itself.
//
// A lock that is free is taken by an atomic instruction that is compiled into the caller, and so instrumented. One that is
// taken already is waited for inside libswiftSynchronization.so, which is not: the sanitizer then believes that two threads
// hold it at once, and reports a race on what it guards. A program of twenty lines shows that, in which four threads do nothing but
// append to an array in a Mutex. This takes the place of the waiting (LD_PRELOAD), and tells. Since nobody waits in the
// kernel any more, unlocking is always the atomic instruction.
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

// Nil in a process that is not sanitized, such as `swift test` itself.
extern void __tsan_acquire(void *address) __attribute__((weak));

// Synchronization._MutexHandle._lockSlow(UInt32)
__attribute__((swiftcall)) void understudy_lock_slow(
    uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *word)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");

__attribute__((swiftcall)) void understudy_lock_slow(
    uint32_t thread, __attribute__((swift_context)) _Atomic(uint32_t) *word) {
    uint32_t seen = 0;
    while (!atomic_compare_exchange_weak_explicit(word, &seen, thread, memory_order_acquire, memory_order_relaxed)) {
        seen = 0;
        sched_yield();
    }
    if (__tsan_acquire) __tsan_acquire((void *)word);
}
