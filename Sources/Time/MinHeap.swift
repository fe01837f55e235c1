/// A heap that gives its least element first.
package struct MinHeap<Element: Comparable> {
    package private(set) var elements: [Element] = []

    /// A heap of those elements.
    package init(_ elements: [Element] = []) {
        self.elements = elements
        for index in stride(from: elements.count / 2, through: 0, by: -1) { sink(index) }
    }

    package var count: Int { elements.count }
    package var least: Element? { elements.first }

    package mutating func add(_ element: Element) {
        elements.append(element)
        var index = elements.count - 1
        while index > 0, elements[index] < elements[(index - 1) / 2] {
            elements.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    package mutating func removeLeast() -> Element? {
        guard let least = elements.first else { return nil }
        elements.swapAt(0, elements.count - 1)
        elements.removeLast()
        sink(0)
        return least
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            let (left, right) = (2 * index + 1, 2 * index + 2)
            var least = index
            if left < elements.count, elements[left] < elements[least] { least = left }
            if right < elements.count, elements[right] < elements[least] { least = right }
            if least == index { return }
            elements.swapAt(index, least)
            index = least
        }
    }
}
