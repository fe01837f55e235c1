import Sandboxes

/// The courier's part of the built-in seeds. They are merged with those of the other APIs: here stands only what is the courier's.
enum CourierSeedData {
    static func text(of seed: BuiltInSeed) -> String {
        switch seed {
        case .blank:
            """
            {"credentials": [
              {"token": "crr-100000000001", "label": "courier-desk"},
              {"token": "crr-100000000002", "label": "courier-window", "role": "Tracker"}]}
            """
        case .demo:
            """
            {"parcels": [
              {"id": "00000000-0000-4000-8000-00000000cc01", "to": "3 Mill Lane", "status": "delivered",
               "accepted_at": "-P1D", "changed_at": "-PT23H"},
              {"id": "00000000-0000-4000-8000-00000000cc02", "to": "9 Quay Street", "status": "accepted",
               "accepted_at": "-PT4S"}]}
            """
        }
    }
}
