import CMalloc
import Glibc

/// How much memory this process may still use: what the machine, its control group and its own limit leave.
enum MachineMemory {
    /// The default of `--memory-limit`: half of what is left, at most 2 GiB, and no less than what a few sandboxes
    /// need.
    static func defaultLimit() -> Int {
        let left = [machine(), controlGroup(), processLimit()].compactMap { $0 }.min() ?? 4 << 30
        return max(32 << 20, min(left / 2, 2 << 30))
    }

    private static func machine() -> Int? {
        guard let line = read("/proc/meminfo")?.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") })
        else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }

    /// Of version 2 of control groups, and of version 1, in which no limit is a very large one.
    private static func controlGroup() -> Int? {
        for (limit, used) in [
            ("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
        ] {
            guard let limit = number("/sys/fs/cgroup/\(limit)"), limit < 1 << 60 else { continue }
            return max(0, limit - (number("/sys/fs/cgroup/\(used)") ?? 0))
        }
        return nil
    }

    /// What `ulimit -v` leaves.
    private static func processLimit() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(1) << 60 else {
            return nil
        }
        let pages = read("/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) } ?? 0
        return max(0, Int(limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func number(_ path: String) -> Int? {
        read(path).flatMap { Int($0.prefix { $0 != "\n" }) }
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

extension Understudy {
    /// Gives the system back what is free in this process and was in use before.
    package static func giveMemoryBack() { malloc_trim(0) }
}
