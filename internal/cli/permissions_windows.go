package cli

import "io/fs"

// readableByOthers is false: what Go tells of a file's mode on Windows says
// nothing of who may read it.
func readableByOthers(fs.FileInfo) bool { return false }
