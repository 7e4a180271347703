package yamldoc

import "errors"

// A Finding is something that a careful reader would say of a file that loads.
type Finding struct {
	// At has the place and what is to be said.
	At *Error
	// Note says that the file works as it is, and may even be right.
	Note bool
}

// Find is a finding at the place of path, as Errorf has it.
func (d *Document) Find(note bool, path, format string, args ...any) Finding {
	f := Finding{Note: note}
	errors.As(d.Errorf(path, format, args...), &f.At) // it is always one
	return f
}
