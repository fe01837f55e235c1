/// What the built-in seeds name, for tests that ask for it.
enum DemoSeed {
    static let userKey = "neo_sk_test_userKey1"
    static let viewerKey = "neo_sk_test_viewerKey1"
    static let expiredNeoKey = "neo_sk_test_expiredKey1"
    static let revokedNeoKey = "neo_sk_test_revokedKey1"
    static let backsideKey = "bsk_live_EverythingUnderstudy0123456789abcdefghijklm"
    static let readOnlyKey = "bsk_test_ReadOnlyUnderstudy0123456789abcdefghijklmno"
    static let writeOnlyKey = "bsk_test_WriteOnlyUnderstudy0123456789abcdefghijklmn"
    static let otherScopeKey = "bsk_test_NoAgentsUnderstudy0123456789abcdefghijklmno"
    static let expiredBacksideKey = "bsk_test_ExpiredUnderstudy0123456789abcdefghijklmnop"
    static let revokedBacksideKey = "bsk_test_RevokedUnderstudy0123456789abcdefghijklmnop"

    static let succeededRun = "00000000-0000-4000-8000-00000000a904"
}
