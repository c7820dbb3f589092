"""What end-to-end tests are written with: projects, and databases seen by their own clients."""
