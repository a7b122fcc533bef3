import Foundation

/// What Foundation could not do with a file, in the system's words instead of an object's dump.
public enum FileTrouble {
    /// The innermost cause.
    public static func words(for error: any Error) -> String {
        var error = error as NSError
        while let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error {
            error = cause as NSError
        }
        return error.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(truncatingIfNeeded: error.code)))
            : error.localizedDescription
    }
}
