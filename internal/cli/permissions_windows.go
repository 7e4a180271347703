package cli

import (
	"io/fs"
	"os"
)

// readableByOthers is false: what Go tells of a file's mode on Windows says
// nothing of who may read it.
func readableByOthers(fs.FileInfo) bool { return false }

// sameOwner does nothing: on Windows a new file has what its folder gives it.
func sameOwner(*os.File, string) error { return nil }
