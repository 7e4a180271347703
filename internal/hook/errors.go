package hook

import "errors"

// ErrFull is the error, under whatever wraps it, of a store that has no room
// left on its disk. What it had kept is safe, and it keeps again when there is room.
var ErrFull = errors.New("no room left on the disk")

// ErrNoRecord is the error, under whatever wraps it, of a record that is not in the store,
// or cannot be read any more. Trying again does not help.
var ErrNoRecord = errors.New("no such record, or none that can be read")
