import Foundation

/// Who owns a file and what may be done with it; links are not followed.
public struct FileStatus: Sendable, Equatable {
    public enum Kind: Sendable, Equatable { case ordinary, directory, socket, link, other }

    public var kind: Kind
    public var owner: UInt32
    /// Permission bits, with the sticky bit at 0o1000.
    public var permissions: UInt32
    public var inode: UInt64

    public init(kind: Kind, owner: UInt32, permissions: UInt32, inode: UInt64 = 0) {
        self.kind = kind
        self.owner = owner
        self.permissions = permissions
        self.inode = inode
    }

    /// `nil` when there is no such file, or its directory cannot be searched.
    public init?(of path: String) {
        guard let found = try? FileManager.default.attributesOfItem(atPath: path) else {
            return nil
        }
        switch found[.type] as? FileAttributeType {
        case .typeRegular?: kind = .ordinary
        case .typeDirectory?: kind = .directory
        case .typeSocket?: kind = .socket
        case .typeSymbolicLink?: kind = .link
        default: kind = .other
        }
        owner = (found[.ownerAccountID] as? NSNumber)?.uint32Value ?? .max
        permissions = (found[.posixPermissions] as? NSNumber)?.uint32Value ?? 0o777
        inode = (found[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
    }
}
