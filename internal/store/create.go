package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
)

// create makes an empty store, all of it or nothing: the file is made under
// another name, so that an empty or half-made hookctl.db is always damage.
// A store that another process makes meanwhile is left alone.
func (d folder) create(ctx context.Context, s schema) error {
	if err := d.make(); err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return readOnlyError(string(d), err)
		}
		return explain(err)
	}
	path, err := d.draft(ctx, s)
	if err != nil {
		return err
	}
	defer os.Remove(path)
	if err := publish(path, d.file()); err != nil {
		return err
	}
	return syncFolder(string(d))
}

// draft makes an empty database under a name of its own, which it returns.
func (d folder) draft(ctx context.Context, s schema) (path string, err error) {
	f, err := os.CreateTemp(string(d), newName)
	if err != nil {
		return "", readOnlyError(string(d), err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := errors.Join(os.Chmod(f.Name(), fileMode), f.Close()); err != nil {
		return "", err
	}
	db, err := sql.Open(driverName, dsn(f.Name(), modeCreate))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, explain(db.Close())) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return "", explain(err)
	}
	defer tx.Rollback()
	if err := s.apply(ctx, tx, 0); err != nil {
		return "", err
	}
	return f.Name(), explain(tx.Commit())
}

// publish gives the file at draft the name path, unless something has that name.
func publish(draft, path string) error {
	err := os.Link(draft, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	// A file system without hard links. Nothing is lost if two processes come here
	// at once, for neither has kept anything yet, but one may have to try again.
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return os.Rename(draft, path)
}
