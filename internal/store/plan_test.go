package store

import (
	"context"
	"database/sql"
	"strings"
	"testing"
)

// A listened is a database whose statements are noted.
type listened struct {
	*sql.DB
	text []string
	args [][]any
}

func (l *listened) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	l.text, l.args = append(l.text, text), append(l.args, args)
	return l.DB.QueryContext(ctx, text, args...)
}

// Past what is indexed a list begins where it is. Of two lower bounds the database takes
// the first and goes over everything from there, again for each page.
func TestAPageOfRecentCapturesBeginsWhereTheListIs(t *testing.T) {
	s, err := Open(t.TempDir()+"/store", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db := &listened{DB: s.readers}
	p := newPlan(nil, ascending)
	if _, _, err := p.after(context.Background(), db, 5000, pageSize); err != nil {
		t.Fatal(err)
	}
	last := len(db.text) - 1
	if last < 0 || strings.Count(db.text[last], "seq > ?") != 1 || db.args[last][0] != int64(5000) {
		t.Errorf("asked %q with %v", db.text, db.args)
	}
}
