import HTTPFront
import JSON
import Synchronization

/// A Neo cursor is taken as it was given out, and nothing of another form is; a page of runs is never its own next one.
final class CursorTarget: FuzzTarget {
    let takesJSON = false
    private let scene = Scene()
    private let lists = ["/public-api/agents", "/public-api/backfills", "/public-api/executions"]
    private let runs = "/api/v1/agents/\(Scene.scriptedKind)/runs"
    /// Every cursor that pages of one row give out, by list.
    private let issued: [[String]]

    init() {
        let scene = scene
        issued = lists.map { list in
            var cursors: [String] = []
            var next: String?
            repeat {
                let query = next.map { "&cursor=\($0)" } ?? ""
                let page = (try? JSONParser.parse(scene.send("GET", "\(list)?page_size=1\(query)").body))?.object
                next = page?["meta"]?.object?["pagination"]?.object?["next_cursor"]?.string
                if let next { cursors.append(next) }
            } while next != nil
            return cursors
        }
        require(issued.allSatisfy { !$0.isEmpty }, "a list with one page only")
    }

    func take(_ input: [UInt8]) {
        guard let choice = input.first, input.count >= 4 else { return }
        let list = Int(choice) % lists.count
        var cursor = Array(input.dropFirst(4))
        if choice & 0x80 != 0 {
            // One that was given out, by any list, with a byte changed or the rest appended.
            let all = issued.flatMap(\.self)
            cursor = Array(all[Int(input[1]) % all.count].utf8)
            if input[2] > 0 { cursor[Int(input[2]) % cursor.count] = input[3] }
            if choice & 0x40 != 0 { cursor += input.dropFirst(4) }
        }
        let encoded = Self.encoded(cursor)
        let answer = scene.send("GET", "\(lists[list])?page_size=2&cursor=\(encoded)")
        let text = String(decoding: cursor, as: UTF8.self)
        let isIssued = issued[list].contains(text) && text.utf8.elementsEqual(cursor)
        if isIssued {
            require(answer.status == 200, "a cursor that was given out is answered \(answer.status)")
        } else if answer.status == 200 {
            // Watching comparisons, the fuzzer learns the digests of keys that no row has. Those are well-formed at least.
            require(issued[list].contains { $0.utf8.count == cursor.count }, "a cursor of another length is taken")
        } else {
            require(answer.status == 400, "a cursor is answered \(answer.status)")
        }
        checkRuns(encoded)
    }

    private func checkRuns(_ encoded: String) {
        let answer = scene.send("GET", "\(runs)?limit=2&cursor=\(encoded)", key: Scene.backsideKey)
        require([200, 400].contains(answer.status), "a list of runs is answered \(answer.status)")
        guard answer.status == 200, let root = (try? JSONParser.parse(answer.body))?.object else { return }
        let next = root["next_cursor"]?.string ?? root["pagination"]?.object?["next_cursor"]?.string
        guard let next else { return }
        let cursor = Self.encoded(Array(next.utf8))
        let after = scene.send("GET", "\(runs)?limit=2&cursor=\(cursor)", key: Scene.backsideKey)
        require(after.status == 200 && after.body != answer.body, "a page is its own next one")
    }

    private static func encoded(_ bytes: [UInt8]) -> String {
        bytes.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
