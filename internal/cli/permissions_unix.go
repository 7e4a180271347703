//go:build unix

package cli

import (
	"io/fs"
	"os"
	"syscall"
)

// readableByOthers reports whether anybody but the owner has rights to a file.
func readableByOthers(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }

// sameOwner gives a new file the owner and group of the one at path, whose place it takes.
func sameOwner(file *os.File, path string) error {
	was, err := os.Stat(path)
	if err != nil {
		return err
	}
	is, err := file.Stat()
	if err != nil {
		return err
	}
	to, known := was.Sys().(*syscall.Stat_t)
	from, ours := is.Sys().(*syscall.Stat_t)
	if !known || !ours || to.Uid == from.Uid && to.Gid == from.Gid {
		return nil
	}
	return file.Chown(int(to.Uid), int(to.Gid))
}
