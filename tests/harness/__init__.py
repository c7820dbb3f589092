"""What end-to-end tests are written with: databases seen through their own clients, and projects."""
