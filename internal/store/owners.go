package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/lock"
)

// ownersName is the folder that has a file for each process which attempts deliveries: that
// is locked as long as the process lives, however it ends.
const ownersName = "owners"

// An Owner is a process that attempts deliveries. While it lives, what it owns is left
// alone by all others.
type Owner struct {
	id   string
	held *lock.Lock
}

// ID is what deliveries have as their Owner.
func (o *Owner) ID() string { return o.id }

// Close lets others adopt what o owns.
func (o *Owner) Close() error { return o.held.Remove() }

// Own makes this process an owner of deliveries, until that is closed or the process ends.
func (s *Store) Own() (*Owner, error) {
	if s.writer == nil {
		return nil, ErrReadOnly
	}
	o, err := s.folder.own()
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", s.folder, err)
	}
	return o, nil
}

// Adopt makes those pending deliveries to a place, "" for all places, the owner's that no
// living process owns, and returns how many these were. which says of each whether it is
// meant, and may change the Course of one that is; it must not call the store. nil means all.
func (s *Store) Adopt(ctx context.Context, place, owner string, which func(*hook.Delivery) bool) (int, error) {
	if s.writer == nil {
		return 0, ErrReadOnly
	}
	gone, err := s.goneOwners(ctx, place, owner)
	if err != nil || len(gone) == 0 {
		return 0, explain(err)
	}
	list, err := json.Marshal(gone) // who is gone never comes back: ids are used once
	if err != nil {
		return 0, err
	}
	seqs, err := readSeqs(ctx, s.readers, `SELECT seq FROM deliveries INDEXED BY deliveries_pending WHERE state = 'pending'
		AND (? = '' OR place = ?) AND owner IN (SELECT value FROM json_each(?))`, place, place, string(list))
	if err != nil {
		return 0, explain(err)
	}
	slices.Sort(seqs)
	total := 0
	for some := range slices.Chunk(seqs, cancelSlice) {
		a := &adoption{seqs: some, gone: string(list), owner: owner, which: which}
		if err := s.writer.wait(ctx, a); err != nil {
			return total, err
		}
		total += a.n
	}
	return total, nil
}

// goneOwners are those of pending deliveries to a place, but for owner, that do not live.
func (s *Store) goneOwners(ctx context.Context, place, owner string) ([]string, error) {
	rows, err := s.readers.QueryContext(ctx, `SELECT DISTINCT owner FROM deliveries INDEXED BY deliveries_pending
		WHERE state = 'pending' AND (? = '' OR place = ?) AND owner <> ?`, place, place, owner)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var gone []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		if !s.folder.lives(id) {
			gone = append(gone, id)
		}
	}
	return gone, rows.Err()
}

// An adoption gives deliveries to another owner, those that are still pending and one of
// the gone's, which is a list in JSON.
type adoption struct {
	seqs        []int64
	gone, owner string
	which       func(*hook.Delivery) bool
	n           int // how many were given
}

func (*adoption) weight() int64 { return maxBatchBytes }

func (*adoption) lazy() bool { return false }

func (*adoption) committed() {}

func (a *adoption) write(ctx context.Context, s *session) error {
	page, err := readDeliveries(ctx, s.conn, statement{`SELECT ` + deliveryColumns + ` FROM deliveries
		WHERE state = 'pending' AND seq IN (SELECT value FROM json_each(?)) AND owner IN (SELECT value FROM json_each(?)) ORDER BY seq`,
		[]any{jsonList(a.seqs), a.gone}})
	if err != nil {
		return err
	}
	a.n = 0
	for _, found := range page {
		if found.err != nil || a.which != nil && !a.which(found.delivery) { // of damage Check tells
			continue
		}
		d := found.delivery
		d.Owner = a.owner
		s.delivery.set(d)
		s.delivery.seq = d.Seq
		if err := s.putCourse(ctx, d); err != nil {
			return err
		}
		a.n++
	}
	return nil
}

// owner is the path of the file of the owner id.
func (d folder) owner(id string) string { return filepath.Join(string(d), ownersName, id) }

// own makes an owner, and buries those that are gone.
func (d folder) own() (*Owner, error) {
	const tries = 8
	if err := d.makeOwners(); err != nil {
		return nil, err
	}
	ids := hook.NewIDs(rand.Reader)
	for range tries {
		id, err := ids.New("", time.Now())
		if err != nil {
			return nil, err
		}
		path := d.owner(string(id))
		held, err := lock.Try(path)
		if errors.Is(err, lock.ErrHeld) {
			continue // somebody just looks whether it lives
		}
		if err != nil {
			return nil, err
		}
		if _, err := os.Lstat(path); err == nil {
			return &Owner{string(id), held}, nil
		}
		_ = held.Release() // somebody took the file away before it was locked
	}
	return nil, fmt.Errorf("%s: the locks there are taken away as they are made", filepath.Dir(d.owner("")))
}

// makeOwners makes the folder of owners, without those that are gone.
func (d folder) makeOwners() error {
	path := filepath.Join(string(d), ownersName)
	if err := ignore(os.Mkdir(path, dirMode), fs.ErrExist); err != nil {
		return readOnlyError(path, err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is a %s, not a folder", ErrUnsafe, path, kindOfFile(info))
	}
	files, err := os.ReadDir(path)
	for _, file := range files {
		d.lives(file.Name())
	}
	return err
}

// lives reports whether the owner id does, and takes away what one left that does not. What
// cannot be known is taken for alive: better late than twice.
func (d folder) lives(id string) bool {
	if !hook.ID(id).Valid("") { // nobody, or nothing that own has made
		return false
	}
	path := d.owner(id)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	held, err := lock.Try(path)
	if err != nil {
		return true
	}
	_ = held.Remove()
	return false
}
