import CLibFuzzer
import Glibc

/// The program: hands the inputs that libFuzzer makes to the target. Only `make fuzz` compiles this file.
@main enum LibFuzzer {
    static func main() {
        _ = Fuzz.target
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(
            LLVMFuzzerRunDriver(&count, &arguments) { data, size in
                Fuzz.target.take(Array(UnsafeBufferPointer(start: data, count: size)))
                return 0
            })
    }
}

/// Changes an input; libFuzzer calls it. Four of five changes of JSON change whole values, all others bytes.
@c(LLVMFuzzerCustomMutator)
func changeInput(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ largest: Int, _ seed: UInt32) -> Int {
    if Fuzz.target.takesJSON, seed % 5 != 0, let changed = JSONMutation.of(data, size, seed), changed.count <= largest {
        for (index, byte) in changed.enumerated() { data[index] = byte }
        return changed.count
    }
    return LLVMFuzzerMutate(data, size, largest)
}
