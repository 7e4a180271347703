package catalog

import (
	"github.com/hookctl/hookctl/internal/shape"
)

// Differ returns what tells how bodies of the event of a name differ from what its
// schema knows. It is prepared when it is asked for first, once.
func (c *Catalog) Differ(event, version string) (*shape.Differ, error) {
	e, err := c.Event(event)
	if err != nil {
		return nil, err
	}
	if version, err = c.At(version); err != nil {
		return nil, err
	}
	return c.differs.get(c.File(e.Schema, version), c.prepare)
}

func (c *Catalog) prepare(file string) (*shape.Differ, error) {
	text, err := c.Read(file)
	if err != nil {
		return nil, err
	}
	return shape.NewDrift(c.base()+file, text, c.load)
}
