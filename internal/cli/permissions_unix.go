//go:build unix

package cli

import "io/fs"

// readableByOthers reports whether anybody but the owner has rights to a file.
func readableByOthers(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }
