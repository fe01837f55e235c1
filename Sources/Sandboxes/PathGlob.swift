/// A pattern of paths: `*` is anything within one segment, `**` anything at all, `?` one character but a slash.
///
/// It is matched in one pass over the path, so that no pattern takes more time than its length times the path's.
package struct PathGlob: Hashable, Sendable {
    private enum Token: Hashable {
        case literal(Unicode.Scalar)
        case one
        case segment
        case anything

        var mayBeNothing: Bool { self == .segment || self == .anything }
    }

    private let tokens: [Token]

    package init(_ pattern: String) {
        var tokens: [Token] = []
        for scalar in pattern.unicodeScalars {
            switch (scalar, tokens.last) {
            case ("*", .segment), ("*", .anything): tokens[tokens.count - 1] = .anything
            case ("*", _): tokens.append(.segment)
            case ("?", _): tokens.append(.one)
            default: tokens.append(.literal(scalar))
            }
        }
        self.tokens = tokens
    }

    /// Whether it matches the whole path.
    package func matches(_ path: some StringProtocol) -> Bool {
        // Which places in the pattern what was read so far can have led to; the last one is its end.
        var places = [Bool](repeating: false, count: tokens.count + 1)
        places[0] = true
        passOverNothing(&places)
        for scalar in path.unicodeScalars {
            var isAlive = false
            // Backwards, so that a place is left before another comes to it.
            places[tokens.count] = false
            for (place, token) in zip(tokens.indices, tokens).reversed() where places[place] {
                let stays: Bool
                let goesOn: Bool
                switch token {
                case .literal(let wanted): (stays, goesOn) = (false, scalar == wanted)
                case .one: (stays, goesOn) = (false, scalar != "/")
                case .segment: (stays, goesOn) = (scalar != "/", false)
                case .anything: (stays, goesOn) = (true, false)
                }
                places[place] = stays
                if goesOn { places[place + 1] = true }
                if stays || goesOn { isAlive = true }
            }
            guard isAlive else { return false }
            passOverNothing(&places)
        }
        return places[tokens.count]
    }

    private func passOverNothing(_ places: inout [Bool]) {
        for (place, token) in zip(tokens.indices, tokens) where places[place] && token.mayBeNothing {
            places[place + 1] = true
        }
    }
}
