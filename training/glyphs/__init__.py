"""Character shapes as signed distance fields: open fonts and procedural dies."""
