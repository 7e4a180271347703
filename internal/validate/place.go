package validate

import "path/filepath"

// A place is what the path of a payload may say of it: the same whatever the working
// folder is, as far as that can be.
type place struct {
	path string
	// above is how many of its parts are folders above the argument that the user gave.
	// They count only where no other does, and the path names an event behind them.
	above int
}

// placeOf is the place of a file that was found for an argument which begins at base. Of
// what is in the working folder all below that counts, and its own name; of what is
// elsewhere the last folder of the argument and all below it.
func (f *Finder) placeOf(base, file string) place {
	if _, inside := within(f.Dir, base); inside {
		below, _ := within(f.Dir, file)
		return place{path: filepath.Base(f.Dir) + "/" + below}
	}
	folder, above := base, 0
	if base == file {
		folder = filepath.Dir(base)
		for range maxParts {
			if up := filepath.Dir(folder); up != filepath.Dir(up) {
				folder, above = up, above+1
			}
		}
	}
	below, _ := within(folder, file)
	return place{path: filepath.Base(folder) + "/" + below, above: above}
}

// within is where file is in folder, with forward slashes.
func within(folder, file string) (below string, inside bool) {
	below, err := filepath.Rel(folder, file)
	return filepath.ToSlash(below), err == nil && filepath.IsLocal(below)
}
