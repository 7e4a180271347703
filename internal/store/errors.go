package store

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"

	"github.com/hookctl/hookctl/internal/hook"
	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// What can be wrong with a store as a whole.
var (
	// ErrNotExist: nothing was ever kept there.
	ErrNotExist = errors.New("there is no store yet")
	// ErrFull: the disk has no room. The store goes on as soon as there is some.
	ErrFull = hook.ErrFull
	// ErrReadOnly: the folder or the file cannot be written, or the store was opened to be read.
	ErrReadOnly = errors.New("the store cannot be written")
	// ErrDamaged: the file is not what was written. Repair saves what can be read.
	ErrDamaged = errors.New("the store is damaged")
	// ErrNewer: a newer hookctl made the store, in a form this one does not know.
	ErrNewer = errors.New("the store was made by a newer hookctl")
	// ErrOlder: an older hookctl made the store. Where it can be written, opening it to
	// write brings it up to date.
	ErrOlder = errors.New("the store was made by an older hookctl")
	// ErrUnsafe: a symbolic link, or anything but a plain file, stands in the way.
	ErrUnsafe = errors.New("the store is not safe to use")
	// ErrClosed: the store was used after Close.
	ErrClosed = errors.New("the store is closed")
)

// An AmbiguousError is a reference that fits several ids.
type AmbiguousError struct {
	Ref string
	// Candidates are the first ids that fit, ten at most, newest first.
	Candidates []hook.ID
	// More says that others fit too.
	More bool
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q fits more than one id", e.Ref)
}

// A NotFoundError is a reference that fits nothing in the store.
type NotFoundError struct {
	Ref string
	// Prefix is that of the ids among which it was looked for, "" for any.
	Prefix string
	// Empty says that there are none of them at all, in the store at Dir.
	Empty bool
	Dir   string
}

func (e *NotFoundError) Error() string {
	if e.Empty && e.Dir != "" {
		return "there are no " + e.kind() + " in " + e.Dir
	}
	return fmt.Sprintf("nothing in the store is called %q", e.Ref)
}

// kind is what was looked for, in words.
func (e *NotFoundError) kind() string {
	switch e.Prefix {
	case hook.AttemptPrefix:
		return "attempts"
	case hook.DeliveryPrefix:
		return "deliveries"
	}
	return "captures"
}

// Is makes it a case of a record that cannot be had.
func (e *NotFoundError) Is(target error) bool { return target == hook.ErrNoRecord }

// A DamagedRowError is one record that does not agree with its checksum. The
// records around it are sound.
type DamagedRowError struct {
	// Seq and ID are the record's; ID is "" where it cannot be read.
	Seq int64
	ID  hook.ID
	// What is wrong: "head" or "body", or for an attempt "response", does not agree
	// with its checksum, nor does what is known of the capture, its "identity", what a
	// delivery sends, its "message", an endpoint's "standing" or what a "run" is; the
	// "page" cannot be read; an attempt's "capture" was lost.
	What string
}

func (e *DamagedRowError) Error() string {
	name := string(e.ID)
	if name == "" {
		name = "the record"
	}
	fault := "its " + e.What + " does not agree with its checksum"
	switch e.What {
	case "message":
		fault = "what it sends is not what was written"
	case "standing", "run":
		fault = "the " + e.What + " does not agree with its checksum"
	case "page":
		fault = "it cannot be read"
	case "capture":
		fault = "its capture was lost"
	}
	return fmt.Sprintf("%s (number %d) is damaged: %s", name, e.Seq, fault)
}

// Is makes a damaged record a case of ErrDamaged, and of one that cannot be had.
func (e *DamagedRowError) Is(target error) bool {
	return target == ErrDamaged || target == hook.ErrNoRecord
}

// explain puts what the database says under the error that callers know it by.
func explain(err error) error {
	kind := kindOf(err)
	if kind == nil || errors.Is(err, kind) {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

// kindOf returns the sentinel that err is a case of, or nil.
func kindOf(err error) error {
	if isFull(err) {
		return ErrFull
	}
	code, ok := codeOf(err)
	if !ok {
		return nil
	}
	switch code {
	case codes.SQLITE_IOERR_SHORT_READ, codes.SQLITE_IOERR_CORRUPTFS:
		return ErrDamaged
	case codes.SQLITE_CANTOPEN_SYMLINK:
		return ErrUnsafe
	}
	switch code & 0xff {
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB, codes.SQLITE_ERROR, codes.SQLITE_SCHEMA, codes.SQLITE_CONSTRAINT:
		// SQLITE_ERROR: our statements are right, so a table is not what it was.
		// SQLITE_CONSTRAINT: nor has a new seq been there before.
		return ErrDamaged
	case codes.SQLITE_READONLY, codes.SQLITE_PERM:
		return ErrReadOnly
	}
	return nil
}

// codeOf returns the database's extended result code in err.
func codeOf(err error) (int, bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0, false
	}
	return e.Code(), true
}

// isFull reports whether err is for want of room.
func isFull(err error) bool {
	if errors.Is(err, ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	const diskFull, handleDiskFull = syscall.Errno(112), syscall.Errno(39) // as Windows says it
	if runtime.GOOS == "windows" && (errors.Is(err, diskFull) || errors.Is(err, handleDiskFull)) {
		return true
	}
	code, ok := codeOf(err)
	return ok && (code&0xff == codes.SQLITE_FULL || code == codes.SQLITE_IOERR_SHMSIZE)
}

// isRowsOwn reports whether err is the doing of one record, so that the others
// of its batch can be kept.
func isRowsOwn(err error) bool {
	if isFull(err) {
		return false
	}
	code, ok := codeOf(err)
	if !ok {
		return true
	}
	switch code & 0xff {
	case codes.SQLITE_MISMATCH, codes.SQLITE_TOOBIG, codes.SQLITE_RANGE:
		return true
	}
	return false
}

// isRefusal reports whether err is that the system does not let us use the file
// in the way we tried.
func isRefusal(err error) bool {
	code, ok := codeOf(err)
	if !ok {
		return false
	}
	switch code & 0xff {
	case codes.SQLITE_CANTOPEN, codes.SQLITE_READONLY, codes.SQLITE_PERM:
		return true
	}
	return code == codes.SQLITE_IOERR_LOCK || code == codes.SQLITE_IOERR_SHMOPEN
}
