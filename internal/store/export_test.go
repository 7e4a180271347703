package store

import (
	"context"
)

// IndexAll brings the indexes of the store in dir up to date, as an idle writer does.
func IndexAll(dir string) error {
	return withSession(dir, func(ctx context.Context, s *session) error {
		for {
			if pause, err := s.index(ctx, func() bool { return false }); err != nil || pause == 0 {
				return err
			}
		}
	})
}

// withSession runs do on a connection of its own to the store in dir.
func withSession(dir string, do func(context.Context, *session) error) error {
	ctx := context.Background()
	place, err := newFolder(dir)
	if err != nil {
		return err
	}
	steps, err := currentSchema()
	if err != nil {
		return err
	}
	s, err := openSession(ctx, place.file(), steps)
	if err != nil {
		return err
	}
	defer s.close()
	return do(ctx, s)
}
