package store

import (
	"net/url"
	"path/filepath"
	"strings"
)

// How a connection may use the file.
const (
	modeWrite     = "mode=rw&_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=journal_size_limit(33554432)&_pragma=wal_autocheckpoint(1000)"
	modeRead      = "mode=rw&_pragma=busy_timeout(10000)&_pragma=query_only(1)"
	modeReadOnly  = "mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)"
	modeImmutable = "mode=ro&immutable=1&_pragma=query_only(1)"
	// modeAlone keeps everybody else out.
	modeAlone = "mode=rw&_pragma=locking_mode(exclusive)"
	// modeCreate makes a file that one process alone knows of; at its end the file is
	// whole without a log beside it. It has the journal mode from the start: of two
	// processes that changed it at once one would fail.
	modeCreate = "mode=rw&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)"
)

// dsn returns the data source name of the database file at path, which is absolute.
func dsn(path, mode string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + mode
}
