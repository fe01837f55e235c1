import Glibc

/// What Prometheus' own clients tell of their process, from Linux' /proc; a figure that cannot be read is left out.
enum ProcessFigures {
    static func write(to text: inout PrometheusText) {
        func gauge(_ name: String, _ help: String, _ value: Double?) {
            guard let value else { return }
            text.family(name, .gauge, help)
            text.sample(name, [], value)
        }
        var used = timespec()
        if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0 {
            text.family("process_cpu_seconds_total", .counter, "Processor time used, in seconds.")
            text.sample("process_cpu_seconds_total", [], Double(used.tv_sec) + Double(used.tv_nsec) / 1e9)
        }
        gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", startTime)
        gauge("process_resident_memory_bytes", "Memory in use, in bytes.", residentBytes)
        gauge("process_open_fds", "Open file descriptors.", openDescriptors)
        gauge("process_max_fds", "How many may be open.", maximumDescriptors)
    }

    private static var startTime: Double? {
        // The program's name, in parentheses, may hold spaces: the fields are counted behind it.
        guard let rest = read("/proc/self/stat")?.split(separator: ")").last,
            let ticks = field(19, of: rest).flatMap(Double.init),
            let booted = read("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
            let seconds = field(1, of: booted).flatMap(Double.init)
        else { return nil }
        return seconds + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static var residentBytes: Double? {
        guard let pages = read("/proc/self/statm").flatMap({ field(1, of: Substring($0)) }).flatMap(Double.init) else {
            return nil
        }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static var openDescriptors: Double? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0.0
        while readdir(folder) != nil { count += 1 }
        // Not the folder itself and its parent, nor the descriptor that this is read by.
        return count - 3
    }

    private static var maximumDescriptors: Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Double(limit.rlim_cur)
    }

    private static func field(_ index: Int, of line: Substring) -> Substring? {
        let fields = line.split(whereSeparator: { $0 == " " || $0 == "\n" })
        return fields.indices.contains(index) ? fields[index] : nil
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
