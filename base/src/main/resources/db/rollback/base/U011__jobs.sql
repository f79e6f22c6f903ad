DROP TABLE plinth_base.jobs;
